import { plural } from '../../src/base/text.ts';
import type { PageRun } from '../../src/report/page/document.ts';
import { type EventFilter, isSignificant, type Lane, lanes } from '../model/visible-events.ts';

interface Props {
  readonly run: PageRun;
  readonly visible: readonly number[];
  readonly t: number;
  readonly filter: EventFilter;
  setT(t: number): void;
  toggle(lane: Lane): void;
}

/** In pixels. */
const LANE_HEIGHT = 16;

/**
 * The visible events, one lane for each actor. All events have the same width: most follow each other within a microsecond
 * and would coincide on a scale of time.
 */
export function Timeline({ run, visible, t, filter, setT, toggle }: Props) {
  const { events } = run;
  const used = lanes.filter((lane) => events.some((event) => event.lane === lane));
  const position = Math.max(
    0,
    visible.findLastIndex((at) => at <= t),
  );
  const event = events[visible[position] ?? t];
  const width = Math.max(1, visible.length);
  const marks = (lane: Lane, wanted: 'bad' | 'significant' | 'other') =>
    visible.flatMap((at, x) => {
      const one = events[at];
      if (one?.lane !== lane) return [];
      const is = one.weight === 'bad' ? 'bad' : isSignificant(one) ? 'significant' : 'other';
      return is === wanted ? [`M${x + 0.12} 0v1h.76v-1z`] : [];
    });
  const pick = ({ currentTarget, clientX }: MouseEvent) => {
    const box = (currentTarget as SVGElement).getBoundingClientRect();
    const at = visible[Math.floor(((clientX - box.left) / box.width) * width)];
    if (at !== undefined) setT(at);
  };
  return (
    <section class="timeline" aria-label="Time line">
      <div class="lanes">
        {used.map((lane) => (
          <button
            key={lane}
            type="button"
            aria-pressed={!filter.hidden.has(lane)}
            title={`Show or hide ${lane}`}
            onClick={() => toggle(lane)}
          >
            {lane}
          </button>
        ))}
      </div>
      <div class="track">
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: the slider below does the same by keys */}
        <svg
          role="img"
          aria-label={`${plural(visible.length, 'event')} on ${plural(used.length, 'lane')}`}
          viewBox={`0 0 ${width} ${used.length}`}
          preserveAspectRatio="none"
          style={{ height: `${used.length * LANE_HEIGHT}px` }}
          onClick={pick}
        >
          {used.map((lane, row) => (
            <g key={lane} transform={`translate(0 ${row + 0.15}) scale(1 .7)`}>
              <rect class="lane" x="0" y="0" width={width} height="1" />
              <path class="other" d={marks(lane, 'other').join('')} />
              <path class="significant" d={marks(lane, 'significant').join('')} />
              <path class="bad" d={marks(lane, 'bad').join('')} />
            </g>
          ))}
          <rect class="now" x={position} y="0" width="1" height={used.length} />
        </svg>
        <input
          type="range"
          min="0"
          max={String(Math.max(0, visible.length - 1))}
          value={String(position)}
          aria-label="Event"
          aria-valuetext={event ? `${event.seconds.toFixed(6)} s: ${event.text}` : 'no events'}
          onInput={({ currentTarget }) => {
            const at = visible[Number(currentTarget.value)];
            if (at !== undefined) setT(at);
          }}
        />
      </div>
      <output class="current-event">
        {event ? (
          <>
            <time>{`${event.seconds.toFixed(6)} s`}</time>
            <span class={`lane-name ${event.lane}`}>{event.lane}</span>
            <span class={event.weight === 'bad' ? 'bad text' : 'text'}>{event.text}</span>
            {event.meaning && <span class="meaning">{event.meaning}</span>}
          </>
        ) : (
          'No events are known.'
        )}
      </output>
    </section>
  );
}
