import { useMemo } from 'preact/hooks';
import type { PageDocument, PageRun } from '../../src/report/page/document.ts';
import { align, firstDivergence } from '../model/align.ts';
import type { DeepLink } from '../model/deep-link.ts';
import { visibleEvents } from '../model/visible-events.ts';
import { VirtualList } from '../parts/virtual-list.tsx';

interface Props {
  readonly page: PageDocument;
  readonly index: number;
  readonly other: number;
  readonly t: number;
  choose(index: number, link?: DeepLink): void;
  setOther(index: number): void;
}

/** A table of the runs, and two of them side by side. */
export function CompareView({ page, index, other, t, choose, setOther }: Props) {
  const [left, right] = [page.runs[index], page.runs[other]];
  const rules = Object.entries(page.rules);
  return (
    <div class="compare">
      <table>
        <caption>Findings of each policy by rule</caption>
        <thead>
          <tr>
            <th scope="col">policy</th>
            <th scope="col">verdict</th>
            {rules.map(([name, rule]) => (
              <th key={name} scope="col" class="number" title={rule.why}>
                {rule.title}
              </th>
            ))}
            <th scope="col" class="number">
              log lines
            </th>
            <th scope="col">compare with</th>
          </tr>
        </thead>
        <tbody>
          {page.runs.map((run, at) => (
            <tr key={run.label} class={at === index ? 'chosen' : ''}>
              <th scope="row">
                <button type="button" class="link" aria-pressed={at === index} onClick={() => choose(at)}>
                  {run.label}
                </button>
              </th>
              <td class={`outcome ${run.outcome}`}>
                <strong>{run.outcome}</strong>
              </td>
              {rules.map(([name]) => {
                const count = run.findings.filter((finding) => finding.rule === name).length;
                return (
                  <td key={name} class={count === 0 ? 'number none' : 'number'}>
                    {count}
                  </td>
                );
              })}
              <td class="number">{run.logLines}</td>
              <td>
                <input
                  type="radio"
                  name="compared"
                  aria-label={`Compare with ${run.label}`}
                  checked={at === other}
                  disabled={at === index}
                  onChange={() => setOther(at)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {left && right && index !== other && (
        <SideBySide left={left} right={right} t={t} pick={(event) => choose(index, { event })} />
      )}
    </div>
  );
}

interface SideProps {
  readonly left: PageRun;
  readonly right: PageRun;
  readonly t: number;
  pick(event: number): void;
}

function SideBySide({ left, right, t, pick }: SideProps) {
  const pairs = useMemo(() => {
    const plain = { hidden: new Set<never>(), detail: false };
    return align(left.events, right.events, [
      visibleEvents(left.events, plain),
      visibleEvents(right.events, plain),
    ]);
  }, [left, right]);
  const first = firstDivergence(pairs);
  const cell = (run: PageRun, at: number | undefined) => {
    const event = at === undefined ? undefined : run.events[at];
    if (!event) return <span class="gap" />;
    return (
      <span class={`text ${event.weight ?? ''}`} title={event.text}>
        <span class={`lane-name ${event.lane}`}>{event.lane}</span>
        {event.text}
      </span>
    );
  };
  return (
    <section class="side-by-side" aria-label="Two runs side by side">
      <div class="bar heads">
        <h3>{left.label}</h3>
        <h3>{right.label}</h3>
      </div>
      <p class="first">
        {first < 0
          ? 'The two runs do not differ.'
          : `The runs first differ in row ${first + 1} of ${pairs.length}, marked ≠.`}
      </p>
      <VirtualList
        count={pairs.length}
        rowHeight={24}
        label="Events of both runs, aligned"
        role="list"
        className="pairs"
        current={first < 0 ? undefined : first}
        row={(row) => {
          const pair = pairs[row];
          if (!pair) return null;
          const chosen = left.events[pair.left ?? -1];
          const differs = pair.left === undefined || pair.right === undefined;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the list of events does the same by keys
            // biome-ignore lint/a11y/useSemanticElements: a ul cannot contain the wrapper of the virtual list
            <div
              key={row}
              role="listitem"
              class={`pair ${differs ? 'differs' : ''} ${row === first ? 'first-divergence' : ''} ${pair.left === t ? 'current' : ''}`}
              onClick={() => chosen && pick(chosen.id)}
            >
              {cell(left, pair.left)}
              {cell(right, pair.right)}
            </div>
          );
        }}
      />
    </section>
  );
}
