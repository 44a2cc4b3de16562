import { useState } from 'preact/hooks';
import { plural } from '../../src/base/text.ts';
import type { PageBytes, PageRun } from '../../src/report/page/document.ts';
import { hexRows } from '../model/hex.ts';

interface Props {
  readonly run: PageRun;
  readonly t: number;
  setT(t: number): void;
}

/** The current RTAS call, or the last one before the current event: its bytes, and the meaning of each range. */
export function BytesView({ run, t, setT }: Props) {
  const calls = run.events.flatMap(({ call }, at) => (call === undefined ? [] : [{ at, call }]));
  const place = calls.findLastIndex(({ at }) => at <= t);
  const shown = calls[Math.max(0, place)];
  const call = shown && run.calls.find(({ id }) => id === shown.call);
  if (!call) return <p class="empty">This run has no recorded RTAS calls.</p>;
  const before = calls[place - 1];
  const next = calls[place + 1];
  return (
    <div class="bytes">
      <div class="bar">
        <button type="button" disabled={!before} onClick={() => before && setT(before.at)}>
          ← previous call
        </button>
        <span>{`call ${Math.max(0, place) + 1} of ${calls.length}`}</span>
        <button type="button" disabled={!next} onClick={() => next && setT(next.at)}>
          next call →
        </button>
        <h3>{call.title}</h3>
      </div>
      {call.areas.map((area) => (
        <Area key={area.title} area={area} />
      ))}
    </div>
  );
}

function Area({ area }: { area: PageBytes }) {
  /** Index of the highlighted range; -1 for none. */
  const [highlighted, highlight] = useState(-1);
  const { rows, omitted } = hexRows(area);
  const over = (event: MouseEvent | FocusEvent) => {
    const range = (event.target as HTMLElement).dataset['range'];
    highlight(range === undefined ? -1 : Number(range));
  };
  const address = area.address === undefined ? '' : ` at 0x${area.address.toString(16)}`;
  const shown = area.ranges.flatMap((range, index) =>
    range.offset < area.size - omitted ? [{ range, index }] : [],
  );
  return (
    <section class="area">
      <h4>{`${area.title}, ${plural(area.size, 'byte')}${address}`}</h4>
      <div class="hex-and-meaning">
        {/* biome-ignore lint/a11y/useKeyWithMouseEvents: the list of meanings takes the focus */}
        <div
          class="hex"
          role="img"
          aria-label={`${area.title} in hex`}
          onMouseOver={over}
          onMouseLeave={() => highlight(-1)}
        >
          {rows.map(({ offset, pieces }) => (
            <div key={offset} class="hex-row">
              <span class="offset">{offset.toString(16).padStart(4, '0')}</span>
              {pieces.map(({ at, range, text }) => (
                <span
                  key={at}
                  data-range={range}
                  class={`piece r${range % 6} ${range === highlighted ? 'highlighted' : ''}`}
                >
                  {text}
                </span>
              ))}
            </div>
          ))}
          {omitted > 0 && <div class="hex-row rest">{`${plural(omitted, 'more byte')}, all zero`}</div>}
        </div>
        <ul class="meaning-list" onMouseOver={over} onMouseLeave={() => highlight(-1)} onFocus={over}>
          {shown.map(({ range, index }) => (
            <li key={index}>
              <button
                type="button"
                data-range={index}
                class={index === highlighted ? 'highlighted' : ''}
                onFocus={() => highlight(index)}
              >
                <span class={`swatch r${index % 6}`} data-range={index} />
                <span class="offset" data-range={index}>
                  {range.offset.toString(16).padStart(4, '0')}
                </span>
                <span data-range={index}>{range.meaning}</span>
                <b data-range={index}>{range.value}</b>
              </button>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}
