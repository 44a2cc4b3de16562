import { useMemo, useState } from 'preact/hooks';
import { plural } from '../../src/base/text.ts';
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
  readonly treeIndex: TreeIndex;
  readonly t: number;
  readonly node: number | undefined;
  setNode(node: number | undefined): void;
  go(link: DeepLink): void;
}

/** Trees of up to this number of nodes are shown expanded. */
const MAX_EXPANDED_NODES = 60;
/** Number of changed nodes whose ancestors are expanded at first. */
const MAX_REVEALED_NODES = 200;

/** The tree as a diagram of the changed nodes and as a list of all nodes, and the details of the selected node. */
export function TreeView({ run, rules, history, treeIndex, t, node, setNode, go }: Props) {
  const [query, setQuery] = useState('');
  const start = useMemo(() => firstOpen(run, treeIndex), [run, treeIndex]);
  const [toggled, setToggled] = useState<ReadonlySet<number>>(new Set());
  const open = useMemo(() => {
    const all = new Set(start);
    for (const one of toggled) if (!all.delete(one)) all.add(one);
    if (node !== undefined) for (const ancestor of ancestors(treeIndex, node)) all.add(ancestor);
    return all;
  }, [start, toggled, node, treeIndex]);
  const found = useMemo(
    () => (query.trim() === '' ? undefined : search(treeIndex, query)),
    [treeIndex, query],
  );
  const rows = useMemo(
    () => (found ? withAncestors(treeIndex, found) : openRows(treeIndex, open)),
    [treeIndex, found, open],
  );
  const toggle = (number: number) => {
    const next = new Set(toggled);
    if (!next.delete(number)) next.add(number);
    setToggled(next);
  };
  const findings = useMemo(() => findingsAt(history, rules, t), [history, rules, t]);
  const counts = nodeStates.map(
    (state, index) => [state, run.tree.states.filter((one) => one === index).length] as const,
  );
  return (
    <div class="tree-view">
      <TreeDiagram
        run={run}
        history={history}
        treeIndex={treeIndex}
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
          {found ? `${found.length} found` : plural(run.tree.names.length, 'node')}
        </span>
        <ul class="legend" aria-label="Number of nodes by state">
          {counts
            .filter(([, count]) => count > 0)
            .map(([state, count]) => (
              <li key={state}>
                <StateMark state={state} /> {`${count} ${state}`}
              </li>
            ))}
        </ul>
      </div>
      <div class="tree-and-node">
        <TreeList
          run={run}
          history={history}
          treeIndex={treeIndex}
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
            treeIndex={treeIndex}
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

/** The nodes that are expanded at first: all of a small tree, otherwise the ancestors of changed nodes. */
function firstOpen(run: PageRun, treeIndex: TreeIndex): Set<number> {
  const { names, states: all } = run.tree;
  if (names.length <= MAX_EXPANDED_NODES) return new Set(names.keys());
  const kept = nodeStates.indexOf('kept');
  const changed = all
    .flatMap((state, number) => (state === kept ? [] : [number]))
    .slice(0, MAX_REVEALED_NODES);
  return new Set([0, ...changed.flatMap((number) => ancestors(treeIndex, number))]);
}
