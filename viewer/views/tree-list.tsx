import { nodeStates, type PageRun, presenceBit } from '../../src/report/page/document.ts';
import type { NodeFindings } from '../model/findings-at.ts';
import { countAt, isAttached, nodeStateAt, type RunHistory } from '../model/history.ts';
import { pathOf, type TreeIndex } from '../model/tree-index.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';

interface Props {
  readonly run: PageRun;
  readonly history: RunHistory;
  readonly treeIndex: TreeIndex;
  readonly findings: ReadonlyMap<number, NodeFindings>;
  readonly t: number;
  readonly rows: readonly number[];
  /** The open nodes; absent while the rows are the result of a search. */
  readonly open: ReadonlySet<number> | undefined;
  readonly node: number | undefined;
  setNode(node: number): void;
  toggle(node: number): void;
}

/** All nodes, with three columns that show whether each exists: before, now, after. */
export function TreeList({ run, history, treeIndex, findings, t, rows, open, node, setNode, toggle }: Props) {
  const { tree } = run;
  const counted = run.references.list.length > 0;
  return (
    <div class="tree-list">
      <div class="tree-heads" aria-hidden="true">
        <span>node</span>
        {tree.hasBefore && <span>before</span>}
        <span>now</span>
        <span>after</span>
        {counted && <span>count</span>}
      </div>
      <VirtualList
        count={rows.length}
        rowHeight={24}
        label="Tree before, now and after"
        role="tree"
        className="nodes"
        current={node === undefined ? undefined : rows.indexOf(node)}
        row={(index) => {
          const number = rows[index] ?? 0;
          const bits = tree.presence[number] ?? 0;
          const below = treeIndex.children[number]?.length ?? 0;
          const isOpen = open ? open.has(number) : below > 0;
          const depth = treeIndex.depths[number] ?? 0;
          const attached = isAttached(history, number, t);
          const state = nodeStateAt(history, number, t);
          const final = nodeStates[tree.states[number] ?? 0] ?? 'kept';
          const found = findings.get(number);
          const count = counted ? countAt(history, number, t) : undefined;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the focus, not its rows
            // biome-ignore lint/a11y/useFocusableInteractive: see above
            <div
              key={number}
              role="treeitem"
              aria-level={depth + 1}
              aria-selected={number === node}
              {...(below > 0 && { 'aria-expanded': isOpen })}
              class={`row ${final}`}
              onClick={() => setNode(number)}
            >
              <span class="name" style={{ paddingLeft: `${Math.min(depth, 24) * 16}px` }}>
                {below > 0 && open ? (
                  <button
                    type="button"
                    class="toggle"
                    tabIndex={-1}
                    aria-label={`${isOpen ? 'Close' : 'Open'} ${tree.names[number] || '/'}`}
                    onClick={(event) => {
                      event.stopPropagation();
                      toggle(number);
                    }}
                  >
                    {isOpen ? '▾' : '▸'}
                  </button>
                ) : (
                  <span class="toggle" />
                )}
                <span class="text" title={pathOf(treeIndex, number)}>
                  {tree.names[number] || '/'}
                </span>
                {found && (
                  <span class={`found ${found.severity}`} title={found.titles.join(', ')}>
                    {found.titles.length > 2
                      ? `${found.titles[0]} and ${found.titles.length - 1} more`
                      : found.titles.join(', ')}
                  </span>
                )}
              </span>
              {tree.hasBefore && <Presence exists={(bits & presenceBit.before) !== 0} />}
              <span class="cell">
                {attached || (state && state !== 'kept') ? <StateMark state={state ?? 'kept'} /> : ''}
              </span>
              <span class="cell">
                {bits & presenceBit.after ? (
                  '●'
                ) : bits & presenceBit.wanted ? (
                  <StateMark state={final} />
                ) : (
                  ''
                )}
              </span>
              {counted && (
                <span class={`cell count ${(count ?? 0) < 0 ? 'bad' : ''}`}>{formatCount(count)}</span>
              )}
            </div>
          );
        }}
      />
    </div>
  );
}

function Presence({ exists }: { exists: boolean }) {
  return <span class="cell">{exists ? '●' : ''}</span>;
}

/** A negative count is saturated: its value has no meaning. */
export function formatCount(count: number | undefined): string {
  if (count === undefined) return '';
  return count < 0 ? 'saturated' : String(count);
}
