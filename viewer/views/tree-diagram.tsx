import { useMemo } from 'preact/hooks';
import type { PageRun } from '../../src/report/page/document.ts';
import { boxSize, layOutDiagram } from '../model/diagram.ts';
import type { NodeFindings } from '../model/findings-at.ts';
import { countAt, linkStateAt, nodeStateAt, type RunHistory } from '../model/history.ts';
import type { TreeIndex } from '../model/tree-index.ts';
import { stateSymbols } from '../parts/state-mark.tsx';
import { formatCount } from './tree-list.tsx';

interface Props {
  readonly run: PageRun;
  readonly history: RunHistory;
  readonly forest: TreeIndex;
  readonly findings: ReadonlyMap<number, NodeFindings>;
  readonly t: number;
  readonly node: number | undefined;
  setNode(node: number): void;
}

const middle = boxSize.height / 2;

/** The nodes that the story is about, and the devices that stand for them, at the moment. */
export function TreeDiagram({ run, history, forest, findings, t, node, setNode }: Props) {
  const picture = useMemo(() => layOutDiagram(run, forest), [run, forest]);
  const { width, height, nodes, devices, omitted } = picture;
  if (nodes.length < 2) return null;
  const dangling = run.devices.filter((device) => linkStateAt(history, device, t) === 'dangling').length;
  return (
    <figure class="picture">
      <svg
        viewBox={`-2 -8 ${width + 10} ${height + 10}`}
        style={{ width: `${width}px` }}
        role="img"
        aria-label={`Tree and devices at this moment: ${dangling} of ${run.devices.length} links dangle`}
      >
        {nodes.map(
          ({ node: number, x, y, from }) =>
            from && (
              <path
                key={number}
                class={`branch ${isIn(nodeStateAt(history, number, t)) ? '' : 'broken'}`}
                d={`M${from.x + boxSize.width} ${from.y + middle}C${from.x + boxSize.width + 20} ${from.y + middle} ${x - 20} ${y + middle} ${x} ${y + middle}`}
              />
            ),
        )}
        {devices.map(({ device, x, y, to }) => {
          const one = run.devices[device];
          if (!one || !to) return null;
          const state = linkStateAt(history, one, t);
          if (state === 'absent') return null;
          const start = to.x + boxSize.width;
          const half = { x: (start + x) / 2, y: (to.y + y) / 2 + middle };
          return (
            <g key={device} class={`of-node ${state}`}>
              <path
                d={`M${x} ${y + middle}C${x - 40} ${y + middle} ${start + 40} ${to.y + middle} ${start + 4} ${to.y + middle}`}
              />
              {state === 'dangling' ? (
                <text x={half.x} y={half.y + 5}>
                  ✗
                </text>
              ) : (
                <circle cx={start + 4} cy={to.y + middle} r="3" />
              )}
            </g>
          );
        })}
        {nodes.map(({ node: number, x, y }) => {
          const fate = nodeStateAt(history, number, t);
          const count = countAt(history, number, t);
          const name = run.tree.names[number] || '/';
          const found = findings.get(number);
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list below does the same for keys and readers
            <g
              key={number}
              class={`box ${fate ?? 'absent'} ${number === node ? 'chosen' : ''}`}
              transform={`translate(${x} ${y})`}
              onClick={() => setNode(number)}
            >
              <title>{[`${name}: ${fate ?? 'not there yet'}`, ...(found?.titles ?? [])].join('\n')}</title>
              <rect width={boxSize.width} height={boxSize.height} rx="6" />
              <text class="sign" x="14" y={middle + 5}>
                {fate ? stateSymbols[fate] : ''}
              </text>
              <text x="28" y={middle + 4}>
                {name.length > 24 ? `${name.slice(0, 23)}…` : name}
              </text>
              {count !== undefined && (
                <text class="count" x={boxSize.width - 8} y={middle + 4}>
                  {count < 0 ? 'sat.' : formatCount(count)}
                </text>
              )}
              {found && (
                <g class={`badge ${found.severity}`} transform={`translate(${boxSize.width - 2} 2)`}>
                  <circle r="8" />
                  <text y="4">!</text>
                </g>
              )}
            </g>
          );
        })}
        {devices.map(({ device, x, y }) => {
          const one = run.devices[device];
          if (!one) return null;
          const bound = t >= history.last ? one.driver : one.driverBefore;
          return (
            <g key={device} class="device" transform={`translate(${x} ${y})`}>
              <rect width={boxSize.width} height={boxSize.height} />
              <text x="8" y={13}>
                {one.name}
              </text>
              <text class="driver" x="8" y={25}>
                {bound ?? 'no driver'}
              </text>
            </g>
          );
        })}
      </svg>
      <figcaption>
        {[
          run.references.list.length > 0 ? 'Nodes with their reference counts' : 'Nodes',
          ...(run.devices.length > 0
            ? ['to the right the devices on the VIO bus with their of_node links']
            : []),
          ...(findings.size > 0 ? ['! where something was found'] : []),
        ].join('; ')}
        {dangling > 0 && <b>{`; ${dangling} of the links dangling`}</b>}
        {omitted > 0 && `; ${omitted} more changed nodes are in the list below`}
      </figcaption>
    </figure>
  );
}

function isIn(fate: string | undefined): boolean {
  return fate === 'kept' || fate === 'updated' || fate === 'new';
}
