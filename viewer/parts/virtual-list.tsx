import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

interface Props {
  readonly count: number;
  /** In pixels. */
  readonly rowHeight: number;
  readonly label: string;
  readonly role: 'list' | 'listbox' | 'tree';
  readonly className?: string;
  /** Index of the row to scroll to. */
  readonly current?: number | undefined;
  row(index: number): ComponentChildren;
}

/** Rows rendered above and below the visible ones, so that scrolling by keys shows no gap. */
const OVERSCAN = 12;

/** A list of any length, which renders only the visible rows. */
export function VirtualList({ count, rowHeight, label, role, className = '', current, row }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setHeight(element.clientHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const element = box.current;
    if (!element || current === undefined || current < 0) return;
    const at = current * rowHeight;
    if (at < element.scrollTop || at + rowHeight > element.scrollTop + element.clientHeight)
      element.scrollTop = at - element.clientHeight / 2;
  }, [current, rowHeight]);
  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  const rows: ComponentChildren[] = [];
  for (let index = first; index < last; index++) rows.push(row(index));
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: each of the possible roles allows a label
    <div
      ref={box}
      class={`list ${className}`}
      role={role}
      aria-label={label}
      tabIndex={0}
      onScroll={(event) => setTop(event.currentTarget.scrollTop)}
    >
      <div role="presentation" style={{ height: `${count * rowHeight}px`, position: 'relative' }}>
        <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}
