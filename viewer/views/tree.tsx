import { useMemo, useState } from 'preact/hooks';
import { nodeStates, type PageDocument, type PageRun } from '../../src/report/page/document.ts';
import type { DeepLink } from '../model/deep-link.ts';
import { findingsAt } from '../model/findings-at.ts';
import type { RunHistory } from '../model/history.ts';
import { ancestors, openRows, search, type TreeIndex, withAncestors } from '../model/tree-index.ts';
import { StateMark } from '../parts/state-mark.tsx';
import { NodePanel } from './node-panel.tsx';
import { TreeDiagram } from './tree-diagram.tsx';
import { TreeList } from './tree-list.tsx';

interface Props {
  readonly rules: PageDocument['rules'];
  readonly run: PageRun;
  readonly history: RunHistory;
  readonly forest: TreeIndex;
  readonly t: number;
  readonly node: number | undefined;
  setNode(node: number | undefined): void;
  go(link: DeepLink): void;
}

/** Trees up to this size are shown open. */
const MAX_EXPANDED_NODES = 60;
/** So many changed nodes are uncovered from the start. */
const MAX_REVEALED_NODES = 200;

/** The tree as a picture of what matters, as a list of everything, and the chosen node in detail. */
export function TreeView({ run, rules, history, forest, t, node, setNode, go }: Props) {
  const [query, setQuery] = useState('');
  const start = useMemo(() => firstOpen(run, forest), [run, forest]);
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
  const open = useMemo(() => {
    const all = new Set(start);
    for (const one of toggled) if (!all.delete(one)) all.add(one);
    if (node !== undefined) for (const above of ancestors(forest, node)) all.add(above);
    return all;
  }, [start, toggled, node, forest]);
  const found = useMemo(() => (query.trim() === '' ? undefined : search(forest, query)), [forest, query]);
  const rows = useMemo(
    () => (found ? withAncestors(forest, found) : openRows(forest, open)),
    [forest, found, open],
  );
  const toggle = (number: number) => {
    const next = new Set(toggled);
    if (!next.delete(number)) next.add(number);
    setToggled(next);
  };
  const findings = useMemo(() => findingsAt(history, rules, t), [history, rules, t]);
  const counts = nodeStates.map(
    (fate, index) => [fate, run.tree.states.filter((one) => one === index).length] as const,
  );
  return (
    <div class="tree-view">
      <TreeDiagram
        run={run}
        history={history}
        forest={forest}
        findings={findings}
        t={t}
        node={node}
        setNode={setNode}
      />
      <div class="bar">
        <input
          id="search"
          type="search"
          placeholder="Search: name, /path or 0xphandle"
          aria-label="Search the tree by name, path or phandle"
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
        />
        <span class="found" role="status">
          {found ? `${found.length} found` : `${run.tree.names.length} nodes`}
        </span>
        <ul class="legend" aria-label="What became of the nodes">
          {counts
            .filter(([, count]) => count > 0)
            .map(([fate, count]) => (
              <li key={fate}>
                <StateMark fate={fate} /> {`${count} ${fate}`}
              </li>
            ))}
        </ul>
      </div>
      <div class="tree-and-node">
        <TreeList
          run={run}
          history={history}
          forest={forest}
          findings={findings}
          t={t}
          rows={rows}
          open={found ? undefined : open}
          node={node}
          setNode={setNode}
          toggle={toggle}
        />
        {node !== undefined && (
          <NodePanel
            run={run}
            history={history}
            forest={forest}
            t={t}
            node={node}
            setNode={setNode}
            go={go}
          />
        )}
      </div>
    </div>
  );
}

/** Small trees whole, of others the way to what changed. */
function firstOpen(run: PageRun, forest: TreeIndex): Set<number> {
  const { names, states: all } = run.tree;
  if (names.length <= MAX_EXPANDED_NODES) return new Set(names.keys());
  const kept = nodeStates.indexOf('kept');
  const changed = all.flatMap((fate, number) => (fate === kept ? [] : [number])).slice(0, MAX_REVEALED_NODES);
  return new Set([0, ...changed.flatMap((number) => ancestors(forest, number))]);
}
