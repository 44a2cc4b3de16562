import { describeValue } from '../../src/devicetree/describe.ts';
import { fates, type PageProperty, type PageRun } from '../../src/report/page/document.ts';
import type { DeepLink } from '../model/deep-link.ts';
import { type Forest, pathOf } from '../model/forest.ts';
import { fateAt, type History, holdingsAt, linkAt } from '../model/history.ts';
import { FateMark, fateMeanings } from '../parts/fate-mark.tsx';
import { sayCount } from './tree-list.tsx';

interface Props {
  readonly run: PageRun;
  readonly history: History;
  readonly forest: Forest;
  readonly t: number;
  readonly node: number;
  setNode(node: number | undefined): void;
  go(link: DeepLink): void;
}

/** Longer values are cut: nobody reads them, and laying them out takes long. */
const MOST_SHOWN = 400;

/** Lines of evidence for each finding; the verdict has all. */
const MOST_EVIDENCE = 4;

/** One node: who holds it at the moment, what was found about it, its properties before and after. */
export function NodePanel({ run, history, forest, t, node, setNode, go }: Props) {
  const { tree } = run;
  const fate = fateAt(history, node, t) ?? fates[tree.fates[node] ?? 0] ?? 'kept';
  const phandle = tree.phandles[node] ?? 0;
  const holdings = holdingsAt(history, node, t).filter((one) => one.there);
  const devices = run.devices.filter((device) => device.node === node);
  const findings = run.findings.filter((finding) => finding.node === node);
  return (
    <section class="node-panel" aria-label="Chosen node">
      <button type="button" class="round" aria-label="Close" onClick={() => setNode(undefined)}>
        ×
      </button>
      <h3>{pathOf(forest, node)}</h3>
      <p>
        <FateMark fate={fate} /> {`${fate}: ${fateMeanings[fate]}`}
        {phandle !== 0 && <span class="phandle">{`phandle 0x${phandle.toString(16)}`}</span>}
      </p>
      {devices.map((device) => (
        <p key={device.name}>
          {`device ${device.name}, driver ${device.driver ?? 'none'}, of_node `}
          <b class={linkAt(history, device, t)}>{linkAt(history, device, t)}</b>
        </p>
      ))}
      {findings.length > 0 && (
        <ul class="about">
          {findings.map((finding) => (
            <li key={finding.rule + finding.message}>
              <button type="button" class="link" onClick={() => go({ view: 'verdict' })}>
                {finding.rule}
              </button>
              {` ${finding.message}`}
              {finding.evidence.length > 0 && (
                <ul class="evidence">
                  {finding.evidence.slice(0, MOST_EVIDENCE).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      )}
      {holdings.length > 0 && <h4>Who holds it now</h4>}
      {holdings.map((one) => (
        <div key={one.generation} class="holdings">
          <p>
            {`${one.boot ? 'boot node' : 'dynamic node'}${holdings.length > 1 ? `, number ${one.generation} at this path` : ''}: `}
            <b class={one.count < 0 ? 'bad' : ''}>{`count ${sayCount(one.count)}`}</b>
            {t >= history.last && `, ${one.state}`}
          </p>
          <ul>
            {one.holders.map(([who, count]) => (
              <li key={who}>{count === 1 ? who : `${who} × ${count}`}</li>
            ))}
            {one.holders.length === 0 && <li class="none">nobody</li>}
          </ul>
        </div>
      ))}
      <h4>Properties</h4>
      <table class="properties">
        <tbody>
          {changedFirst(tree.properties[node] ?? []).map((property) => (
            <Row key={property[0]} of={tree.names[node] ?? ''} property={property} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ of, property }: { of: string; property: PageProperty }) {
  const [name, value, before] = property;
  const changed = property.length === 3;
  return (
    <tr class={changed ? 'changed' : ''}>
      <th scope="row">{name}</th>
      <td>
        {before !== undefined && <del>{say(of, name, before)}</del>}
        {changed ? <ins>{say(of, name, value)}</ins> : say(of, name, value)}
      </td>
    </tr>
  );
}

function changedFirst(properties: readonly PageProperty[]): PageProperty[] {
  return [...properties].sort((one, other) => other.length - one.length);
}

/** What the grammar of some properties depends on. */
function bareNode(name: string) {
  return { name, properties: [], children: [] };
}

function say(of: string, name: string, hex: string | null): string {
  if (hex === null) return '(not there)';
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const { kind, text } = describeValue({ name, value: bytes }, { node: bareNode(of) });
  if (kind === 'flag') return '(present)';
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}… (${bytes.length} bytes)` : text;
}
