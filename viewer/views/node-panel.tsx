import { plural } from '../../src/base/text.ts';
import { describeValue } from '../../src/devicetree/describe.ts';
import { nodeStates, type PageProperty, type PageRun } from '../../src/report/page/document.ts';
import type { DeepLink } from '../model/deep-link.ts';
import { linkStateAt, nodeStateAt, type RunHistory, referencesAt } from '../model/history.ts';
import { pathOf, type TreeIndex } from '../model/tree-index.ts';
import { StateMark, stateMeanings } from '../parts/state-mark.tsx';
import { formatCount } from './tree-list.tsx';

interface Props {
  readonly run: PageRun;
  readonly history: RunHistory;
  readonly treeIndex: TreeIndex;
  readonly t: number;
  readonly node: number;
  setNode(node: number | undefined): void;
  go(link: DeepLink): void;
}

/** Longer values are shortened, because their layout is slow. */
const MAX_VALUE_LENGTH = 400;

/** Lines of evidence that are shown for a finding; the verdict shows all. */
const MAX_EVIDENCE = 4;

/** One node after event `t`: its holders, its findings, its properties before and after. */
export function NodePanel({ run, history, treeIndex, t, node, setNode, go }: Props) {
  const { tree } = run;
  const state = nodeStateAt(history, node, t) ?? nodeStates[tree.states[node] ?? 0] ?? 'kept';
  const phandle = tree.phandles[node] ?? 0;
  const references = referencesAt(history, node, t).filter((one) => one.exists);
  const devices = run.devices.filter((device) => device.node === node);
  const findings = run.findings.filter((finding) => finding.node === node);
  return (
    <section class="node-panel" aria-label="Selected node">
      <button type="button" class="round" aria-label="Close" onClick={() => setNode(undefined)}>
        ×
      </button>
      <h3>{pathOf(treeIndex, node)}</h3>
      <p>
        <StateMark state={state} /> {`${state}: ${stateMeanings[state]}`}
        {phandle !== 0 && <span class="phandle">{`phandle 0x${phandle.toString(16)}`}</span>}
      </p>
      {devices.map((device) => (
        <p key={device.name}>
          {`device ${device.name}, driver ${device.driver ?? 'none'}, of_node `}
          <b class={linkStateAt(history, device, t)}>{linkStateAt(history, device, t)}</b>
        </p>
      ))}
      {findings.length > 0 && (
        <ul class="node-findings">
          {findings.map((finding) => (
            <li key={finding.rule + finding.message}>
              <button type="button" class="link" onClick={() => go({ view: 'verdict' })}>
                {finding.rule}
              </button>
              {` ${finding.message}`}
              {finding.evidence.length > 0 && (
                <ul class="evidence">
                  {finding.evidence.slice(0, MAX_EVIDENCE).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              )}
            </li>
          ))}
        </ul>
      )}
      {references.length > 0 && <h4>Current holders</h4>}
      {references.map((one) => (
        <div key={one.generation} class="holders">
          <p>
            {`${one.boot ? 'boot node' : 'dynamic node'}${references.length > 1 ? `, generation ${one.generation}` : ''}: `}
            <b class={one.count < 0 ? 'bad' : ''}>{`count ${formatCount(one.count)}`}</b>
            {t >= history.last && `, ${one.state}`}
          </p>
          <ul>
            {one.holders.map(([who, count]) => (
              <li key={who}>{count === 1 ? who : `${who} × ${count}`}</li>
            ))}
            {one.holders.length === 0 && <li class="none">none</li>}
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
        {before !== undefined && <del>{formatValue(of, name, before)}</del>}
        {changed ? <ins>{formatValue(of, name, value)}</ins> : formatValue(of, name, value)}
      </td>
    </tr>
  );
}

function changedFirst(properties: readonly PageProperty[]): PageProperty[] {
  return [...properties].sort((one, other) => other.length - one.length);
}

/** A node with only a name, on which the type of some properties depends. */
function bareNode(name: string) {
  return { name, properties: [], children: [] };
}

function formatValue(of: string, name: string, hex: string | null): string {
  if (hex === null) return '(absent)';
  const bytes = Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  const { kind, text } = describeValue({ name, value: bytes }, { node: bareNode(of) });
  if (kind === 'flag') return '(present)';
  return text.length > MAX_VALUE_LENGTH
    ? `${text.slice(0, MAX_VALUE_LENGTH)}… (${plural(bytes.length, 'byte')})`
    : text;
}
