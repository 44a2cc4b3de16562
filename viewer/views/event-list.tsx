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

/** The list of events. */
export function EventList({ run, visible, t, detail, setT, setDetail }: Props) {
  const current = Math.max(
    0,
    visible.findLastIndex((at) => at <= t),
  );
  return (
    <aside class="events" aria-label="Events">
      <div class="bar">
        <h2>Events</h2>
        <label>
          <input
            type="checkbox"
            checked={detail}
            onChange={({ currentTarget }) => setDetail(currentTarget.checked)}
          />
          reference counts and traces
        </label>
      </div>
      <VirtualList
        count={visible.length}
        rowHeight={24}
        label="Events"
        role="listbox"
        current={current}
        row={(index) => {
          const at = visible[index] ?? 0;
          const event = run.events[at];
          if (!event) return null;
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the page handles the arrow keys
            // biome-ignore lint/a11y/useFocusableInteractive: the list has the focus
            <div
              key={at}
              class={`row ${event.weight ?? ''} ${at > t ? 'later' : ''}`}
              role="option"
              aria-selected={index === current}
              title={event.meaning ? `${event.text}\n${event.meaning}` : event.text}
              onClick={() => setT(at)}
            >
              <span class={`lane-name ${event.lane}`}>{event.lane}</span>
              <span class="text">{shorten(event)}</span>
            </div>
          );
        }}
      />
    </aside>
  );
}

/** Omits the arguments of a call, because its results matter more. */
function shorten({ call, text }: PageEvent): string {
  return call === undefined ? text : text.replace(/^([^(]+)\([^)]*\) → (-?\d+)(?: \([^)]*\))?/, '$1 → $2');
}
