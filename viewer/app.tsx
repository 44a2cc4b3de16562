import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import type { PageDocument } from '../src/report/page/document.ts';
import { useKeyboard } from './keyboard.ts';
import { type DeepLink, readLink, type View, writeLink } from './model/deep-link.ts';
import { indexHistory } from './model/history.ts';
import { findPath, indexTree, pathOf } from './model/tree-index.ts';
import { type EventFilter, isSignificant, type Lane, visibleEvents } from './model/visible-events.ts';
import { BytesView } from './views/bytes.tsx';
import { CompareView } from './views/compare.tsx';
import { EventList } from './views/event-list.tsx';
import { Header } from './views/header.tsx';
import { Help } from './views/help.tsx';
import { Timeline } from './views/timeline.tsx';
import { TreeView } from './views/tree.tsx';
import { VerdictView } from './views/verdict.tsx';

/** The page. Its address always names the current event, node and view. */
export function App({ page }: { page: PageDocument }) {
  const first = useMemo(() => readLink(location.hash), []);
  const [index, setIndex] = useState(() => Math.min(first.run ?? 0, page.runs.length - 1));
  const [other, setOther] = useState(() =>
    Math.min(first.with ?? (index === 0 ? 1 : 0), page.runs.length - 1),
  );
  const [view, setView] = useState<View>(first.view ?? (page.kind === 'comparison' ? 'compare' : 'tree'));
  const run = page.runs[index];
  if (!run) throw new Error('the page has no runs');
  const history = useMemo(() => indexHistory(run), [run]);
  const treeIndex = useMemo(() => indexTree(run.tree), [run]);
  const [t, setT] = useState(() => history.positions.get(first.event ?? -1) ?? history.last);
  const [node, setNode] = useState<number | undefined>(() =>
    first.node === undefined ? undefined : findPath(treeIndex, first.node),
  );
  const [filter, setFilter] = useState<EventFilter>({ hidden: new Set(), detail: false });
  const [help, setHelp] = useState(false);
  const visible = useMemo(() => visibleEvents(run.events, filter), [run, filter]);

  const go = useCallback(
    (link: DeepLink) => {
      const at = history.positions.get(link.event ?? -1);
      if (at !== undefined) setT(at);
      if (link.node !== undefined) setNode(findPath(treeIndex, link.node));
      if (link.view) setView(link.view);
    },
    [history, treeIndex],
  );
  /** Shows another run, at the event and the node of the link; without a node, at the same path as before. */
  const chooseRun = useCallback(
    (next: number, link: DeepLink = {}) => {
      const chosen = page.runs[next];
      if (!chosen) return;
      const path = link.node ?? (node === undefined ? undefined : pathOf(treeIndex, node));
      const at = chosen.events.findIndex(({ id }) => id === link.event);
      setIndex(next);
      setT(at < 0 ? Math.max(0, chosen.events.length - 1) : at);
      setNode(path === undefined ? undefined : findPath(indexTree(chosen.tree), path));
      if (link.view) setView(link.view);
      if (other === next) setOther(index);
    },
    [page, node, treeIndex, other, index],
  );

  useEffect(() => {
    const id = run.events[t]?.id;
    const link = writeLink({
      ...(id !== undefined && { event: id }),
      ...(node !== undefined && { node: pathOf(treeIndex, node) }),
      view,
      ...(page.runs.length > 1 && { run: index, with: other }),
    });
    // Replaced, not pushed: an entry for each step would hide the previous page in the browser's history.
    window.history.replaceState(null, '', link);
  }, [t, node, view, index, other, treeIndex, page, run]);
  useEffect(() => {
    const follow = () => {
      const link = readLink(location.hash);
      if (link.with !== undefined && page.runs[link.with]) setOther(link.with);
      const hasOtherRun = link.run !== undefined && link.run !== index && page.runs[link.run];
      if (hasOtherRun) chooseRun(link.run ?? index, link);
      else go(link);
    };
    window.addEventListener('hashchange', follow);
    return () => window.removeEventListener('hashchange', follow);
  }, [go, chooseRun, index, page]);

  const step = (by: 1 | -1, among: readonly number[]) => {
    const next = by > 0 ? among.find((at) => at > t) : among.findLast((at) => at < t);
    if (next !== undefined) setT(next);
  };
  const turns = useMemo(
    () =>
      visible.filter((at) =>
        isSignificant(run.events[at] ?? { id: 0, seconds: 0, lane: 'log', kind: '', text: '' }),
      ),
    [visible, run],
  );
  useKeyboard({
    ArrowLeft: () => step(-1, visible),
    ArrowRight: () => step(1, visible),
    k: () => step(-1, turns),
    j: () => step(1, turns),
    Home: () => setT(0),
    End: () => setT(history.last),
    '/': () => {
      setView('tree');
      requestAnimationFrame(() => document.getElementById('search')?.focus());
    },
    '?': () => setHelp((shown) => !shown),
    Escape: () => setHelp(false),
  });
  const toggleLane = (lane: Lane) => {
    const hidden = new Set(filter.hidden);
    if (!hidden.delete(lane)) hidden.add(lane);
    setFilter({ ...filter, hidden });
  };

  return (
    <>
      <Header page={page} index={index} choose={chooseRun} showHelp={() => setHelp(true)} />
      <main>
        {page.kind !== 'diff' && (
          <>
            <h2 class="visually-hidden">{`Time line of ${run.label}`}</h2>
            <Timeline run={run} visible={visible} t={t} setT={setT} filter={filter} toggle={toggleLane} />
          </>
        )}
        <div class={`columns ${page.kind === 'diff' ? 'alone' : view}`}>
          <section class="stage" aria-label="Views">
            <Tabs page={page} view={view} setView={setView} />
            <div class="view" role="tabpanel" id="view" aria-labelledby={`tab-${view}`}>
              {view === 'tree' && (
                <TreeView
                  run={run}
                  rules={page.rules}
                  history={history}
                  treeIndex={treeIndex}
                  t={t}
                  node={node}
                  setNode={setNode}
                  go={go}
                />
              )}
              {view === 'bytes' && <BytesView run={run} t={t} setT={setT} />}
              {view === 'verdict' && <VerdictView page={page} run={run} treeIndex={treeIndex} go={go} />}
              {view === 'compare' && (
                <CompareView
                  page={page}
                  index={index}
                  other={other}
                  choose={chooseRun}
                  setOther={setOther}
                  t={t}
                />
              )}
            </div>
          </section>
          {page.kind !== 'diff' && (
            <EventList
              run={run}
              visible={visible}
              t={t}
              setT={setT}
              detail={filter.detail}
              setDetail={(detail) => setFilter({ ...filter, detail })}
            />
          )}
        </div>
      </main>
      {help && <Help close={() => setHelp(false)} />}
    </>
  );
}

interface TabsProps {
  readonly page: PageDocument;
  readonly view: View;
  setView(view: View): void;
}

function Tabs({ page, view, setView }: TabsProps) {
  const shown: [View, string][] = [
    ...(page.runs.length > 1 ? [['compare', 'Compare'] as [View, string]] : []),
    ['tree', 'Tree'],
    ...(page.kind === 'diff' ? [] : [['verdict', 'Verdict'] as [View, string]]),
    ...(page.kind === 'audit' || page.kind === 'diff' ? [] : [['bytes', 'Bytes'] as [View, string]]),
  ];
  return (
    <div class="tabs" role="tablist" aria-label="Views">
      {shown.map(([name, title]) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-selected={view === name}
          aria-controls="view"
          onClick={() => setView(name)}
        >
          {title}
        </button>
      ))}
    </div>
  );
}
