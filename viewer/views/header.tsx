import type { PageDocument } from '../../src/report/page/document.ts';

interface Props {
  readonly page: PageDocument;
  readonly index: number;
  choose(index: number): void;
  showHelp(): void;
}

/** Title, verdict and facts of the chosen run. */
export function Header({ page, index, choose, showHelp }: Props) {
  const run = page.runs[index];
  if (!run) return null;
  return (
    <header>
      <div class="title">
        <h1>{page.title}</h1>
        {page.runs.length > 1 && (
          <label>
            <span class="visually-hidden">Run shown</span>
            <select value={String(index)} onChange={(event) => choose(Number(event.currentTarget.value))}>
              {page.runs.map((one, at) => (
                <option key={one.label} value={String(at)}>{`${one.label}: ${one.outcome}`}</option>
              ))}
            </select>
          </label>
        )}
        <button
          type="button"
          class="round"
          onClick={showHelp}
          aria-label="Keys and symbols"
          title="Keys and symbols (?)"
        >
          ?
        </button>
      </div>
      {run.summary && (
        <dl class="facts summary">
          {run.summary.map(([label, texts]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                {texts.map((text) => (
                  <p key={text}>{text}</p>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {page.description !== '' && <p class="description">{page.description}</p>}
      {page.kind === 'diff' ? (
        <p class="description">{run.conclusion}</p>
      ) : (
        <p class={`outcome ${run.outcome}`}>
          <strong>{run.outcome}</strong>
          <span>{run.conclusion.slice(run.conclusion.indexOf(':') + 1).trim()}</span>
        </p>
      )}
      <dl class="facts">
        {run.facts.map(([name, value]) => (
          <div key={`${name} ${value}`}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </header>
  );
}
