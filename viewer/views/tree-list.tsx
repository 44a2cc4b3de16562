import { nodeStates, type PageRun, presenceBit } from '../../src/report/page/document.ts';
import type { NodeFindings } from '../model/findings-at.ts';
import { countAt, isAttached, nodeStateAt, type RunHistory } from '../model/history.ts';
import { pathOf, type TreeIndex } from '../model/tree-index.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { VirtualList } from '../parts/virtual-list.tsx';

interface Props {
  readonly run: PageRun;
  readonly history: RunHistory;
  readonly forest: TreeIndex;
  readonly findings: ReadonlyMap<number, NodeFindings>;
  readonly t: number;
  readonly rows: readonly number[];
  /** Absent while the rows are what a search found. */
  readonly open: ReadonlySet<number> | undefined;
  readonly node: number | undefined;
  setNode(node: number): void;
  toggle(node: number): void;
}

/** Every node once, and in three columns whether it is there: before, now, after. */
export function TreeList({ run, history, forest, findings, t, rows, open, node, setNode, toggle }: Props) {
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
          const is = tree.presence[number] ?? 0;
          const below = forest.children[number]?.length ?? 0;
          const isOpen = open ? open.has(number) : below > 0;
          const depth = forest.depths[number] ?? 0;
          const attached = isAttached(history, number, t);
          const fate = nodeStateAt(history, number, t);
          const final = nodeStates[tree.states[number] ?? 0] ?? 'kept';
          const found = findings.get(number);
          const count = counted ? countAt(history, number, t) : undefined;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: rows take no focus, the tree does
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
                    class="twisty"
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
                  <span class="twisty" />
                )}
                <span class="text" title={pathOf(forest, number)}>
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
              {tree.hasBefore && <Presence there={(is & presenceBit.before) !== 0} />}
              <span class="cell">
                {attached || (fate && fate !== 'kept') ? <StateMark fate={fate ?? 'kept'} /> : ''}
              </span>
              <span class="cell">
                {is & presenceBit.after ? '●' : is & presenceBit.wanted ? <StateMark fate={final} /> : ''}
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

function Presence({ there }: { there: boolean }) {
  return <span class="cell">{there ? '●' : ''}</span>;
}

/** A saturated count is a number that means nothing. */
export function formatCount(count: number | undefined): string {
  if (count === undefined) return '';
  return count < 0 ? 'saturated' : String(count);
}
