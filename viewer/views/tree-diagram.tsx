import { useMemo } from 'preact/hooks';
import { plural } from '../../src/base/text.ts';
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
  readonly treeIndex: TreeIndex;
  readonly findings: ReadonlyMap<number, NodeFindings>;
  readonly t: number;
  readonly node: number | undefined;
  setNode(node: number): void;
}

const middle = boxSize.height / 2;

/** A diagram of the changed nodes and of the devices with their links, after event `t`. */
export function TreeDiagram({ run, history, treeIndex, findings, t, node, setNode }: Props) {
  const diagram = useMemo(() => layOutDiagram(run, treeIndex), [run, treeIndex]);
  const { width, height, nodes, devices, omitted } = diagram;
  if (nodes.length < 2) return null;
  const dangling = run.devices.filter((device) => linkStateAt(history, device, t) === 'dangling').length;
  return (
    <figure class="diagram">
      <svg
        viewBox={`-2 -8 ${width + 10} ${height + 10}`}
        style={{ width: `${width}px` }}
        role="img"
        aria-label={`Tree and devices: ${dangling} of ${plural(run.devices.length, 'link')} ${dangling === 1 ? 'is' : 'are'} dangling`}
      >
        {nodes.map(
          ({ node: number, x, y, from }) =>
            from && (
              <path
                key={number}
                class={`branch ${isInTree(nodeStateAt(history, number, t)) ? '' : 'broken'}`}
                d={`M${from.x + boxSize.width} ${from.y + middle}C${from.x + boxSize.width + 20} ${from.y + middle} ${x - 20} ${y + middle} ${x} ${y + middle}`}
              />
            ),
        )}
        {devices.map(({ device, x, y, to }) => {
          const one = run.devices[device];
          if (!one || !to) return null;
          const link = linkStateAt(history, one, t);
          if (link === 'absent') return null;
          const start = to.x + boxSize.width;
          const half = { x: (start + x) / 2, y: (to.y + y) / 2 + middle };
          return (
            <g key={device} class={`of-node ${link}`}>
              <path
                d={`M${x} ${y + middle}C${x - 40} ${y + middle} ${start + 40} ${to.y + middle} ${start + 4} ${to.y + middle}`}
              />
              {link === 'dangling' ? (
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
          const state = nodeStateAt(history, number, t);
          const count = countAt(history, number, t);
          const name = run.tree.names[number] || '/';
          const found = findings.get(number);
          return (
            // biome-ignore lint/a11y/noStaticElementInteractions: the list below does the same by keys and for screen readers
            <g
              key={number}
              class={`box ${state ?? 'absent'} ${number === node ? 'chosen' : ''}`}
              transform={`translate(${x} ${y})`}
              onClick={() => setNode(number)}
            >
              <title>
                {[`${name}: ${state ?? 'not attached yet'}`, ...(found?.titles ?? [])].join('\n')}
              </title>
              <rect width={boxSize.width} height={boxSize.height} rx="6" />
              <text class="sign" x="14" y={middle + 5}>
                {state ? stateSymbols[state] : ''}
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
            ? ['on the right the devices of the VIO bus with their of_node links']
            : []),
          ...(findings.size > 0 ? ['! marks nodes with findings'] : []),
        ].join('; ')}
        {dangling > 0 && <b>{`; ${plural(dangling, 'dangling link')}`}</b>}
        {omitted > 0 && `; ${plural(omitted, 'more changed node')} in the list below`}
      </figcaption>
    </figure>
  );
}

function isInTree(state: string | undefined): boolean {
  return state === 'kept' || state === 'updated' || state === 'new';
}
