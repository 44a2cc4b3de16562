import type { PageEvent, PageRun } from '../../src/report/page/document.ts';
import { VirtualList } from '../parts/virtual-list.tsx';

interface Props {
  readonly run: PageRun;
  readonly visible: readonly number[];
  readonly t: number;
  readonly detail: boolean;
  setT(t: number): void;
  setDetail(detail: boolean): void;
}

/** Everything that happened, in words. */
export function EventList({ run, visible, t, detail, setT, setDetail }: Props) {
  const current = Math.max(
    0,
    visible.findLastIndex((at) => at <= t),
  );
  return (
    <aside class="moments" aria-label="What happened">
      <div class="bar">
        <h2>What happened</h2>
        <label>
          <input
            type="checkbox"
            checked={detail}
            onChange={(event) => setDetail(event.currentTarget.checked)}
          />
          counts and traces
        </label>
      </div>
      <VirtualList
        count={visible.length}
        rowHeight={24}
        label="Moments"
        role="listbox"
        current={current}
        row={(index) => {
          const at = visible[index] ?? 0;
          const moment = run.events[at];
          if (!moment) return null;
          return (
            // The whole page hears the arrow keys; a row needs none of its own.
            // biome-ignore lint/a11y/useKeyWithClickEvents: see above
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
            <div
              key={at}
              class={`row ${moment.weight ?? ''} ${at > t ? 'later' : ''}`}
              role="option"
              aria-selected={index === current}
              title={moment.meaning ? `${moment.text}\n${moment.meaning}` : moment.text}
              onClick={() => setT(at)}
            >
              <span class={`lane-name ${moment.lane}`}>{moment.lane}</span>
              <span class="text">{shorten(moment)}</span>
            </div>
          );
        }}
      />
    </aside>
  );
}

/** Of a call the arguments are left out: there is room for little, and what came back matters more. */
function shorten({ call, text }: PageEvent): string {
  return call === undefined ? text : text.replace(/^([^(]+)\([^)]*\) → (-?\d+)(?: \([^)]*\))?/, '$1 → $2');
}
