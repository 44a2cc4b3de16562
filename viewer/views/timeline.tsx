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

const LANE_HEIGHT = 16;

/**
 * What happened, one lane for each who did it. Every moment is as wide as every other: most follow each other within a
 * microsecond and would be one stroke on a true scale.
 */
export function Timeline({ run, visible, t, filter, setT, toggle }: Props) {
  const { events } = run;
  const used = lanes.filter((lane) => events.some((moment) => moment.lane === lane));
  const place = Math.max(
    0,
    visible.findLastIndex((at) => at <= t),
  );
  const moment = events[visible[place] ?? t];
  const width = Math.max(1, visible.length);
  const marks = (lane: Lane, wanted: 'bad' | 'turn' | 'other') =>
    visible.flatMap((at, x) => {
      const one = events[at];
      if (one?.lane !== lane) return [];
      const is = one.weight === 'bad' ? 'bad' : isSignificant(one) ? 'turn' : 'other';
      return is === wanted ? [`M${x + 0.12} 0v1h.76v-1z`] : [];
    });
  const pick = (event: MouseEvent) => {
    const box = (event.currentTarget as SVGElement).getBoundingClientRect();
    const at = visible[Math.floor(((event.clientX - box.left) / box.width) * width)];
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
          aria-label={`${visible.length} moments on ${used.length} lanes`}
          viewBox={`0 0 ${width} ${used.length}`}
          preserveAspectRatio="none"
          style={{ height: `${used.length * LANE_HEIGHT}px` }}
          onClick={pick}
        >
          {used.map((lane, row) => (
            <g key={lane} transform={`translate(0 ${row + 0.15}) scale(1 .7)`}>
              <rect class="lane" x="0" y="0" width={width} height="1" />
              <path class="other" d={marks(lane, 'other').join('')} />
              <path class="turn" d={marks(lane, 'turn').join('')} />
              <path class="bad" d={marks(lane, 'bad').join('')} />
            </g>
          ))}
          <rect class="now" x={place} y="0" width="1" height={used.length} />
        </svg>
        <input
          type="range"
          min="0"
          max={String(Math.max(0, visible.length - 1))}
          value={String(place)}
          aria-label="Moment"
          aria-valuetext={moment ? `${moment.seconds.toFixed(6)} s: ${moment.text}` : 'nothing happened'}
          onInput={(event) => {
            const at = visible[Number(event.currentTarget.value)];
            if (at !== undefined) setT(at);
          }}
        />
      </div>
      <output class="moment">
        {moment ? (
          <>
            <time>{`${moment.seconds.toFixed(6)} s`}</time>
            <span class={`lane-name ${moment.lane}`}>{moment.lane}</span>
            <span class={moment.weight === 'bad' ? 'bad text' : 'text'}>{moment.text}</span>
            {moment.meaning && <span class="meaning">{moment.meaning}</span>}
          </>
        ) : (
          'Nothing is known of what happened when.'
        )}
      </output>
    </section>
  );
}
