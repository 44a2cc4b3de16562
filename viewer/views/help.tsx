import { useEffect, useRef } from 'preact/hooks';
import { nodeStates } from '../../src/report/page/document.ts';
import { StateMark, stateMeanings } from '../parts/state-mark.tsx';

const keys: readonly (readonly [string, string])[] = [
  ['← →', 'a moment back, a moment on'],
  ['k j', 'to where the tree changed or something went wrong: back, on'],
  ['Home End', 'to the beginning, to the end'],
  ['/', 'search the tree: by name, path (with a slash) or phandle (0x…)'],
  ['?', 'this'],
];

/** The time line's colours. */
const marks: readonly (readonly [string, string])[] = [
  ['bad', 'on the time line, red: something went wrong'],
  ['turn', 'blue: the tree, a device or a driver changed'],
  ['other', 'grey: everything else'],
];

export function Help({ close }: { close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="help-title">
      <h2 id="help-title">Keys and signs</h2>
      <dl class="keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              {key.split(' ').map((one) => (
                <kbd key={one}>{one}</kbd>
              ))}
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
        {marks.map(([mark, meaning]) => (
          <div key={mark}>
            <dt>
              <svg class="sample" viewBox="0 0 1 1" aria-hidden="true">
                <path class={mark} d="M0 0v1h1v-1z" />
              </svg>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
        {nodeStates.map((fate) => (
          <div key={fate}>
            <dt>
              <StateMark fate={fate} />
            </dt>
            <dd>{`${fate}: ${stateMeanings[fate]}`}</dd>
          </div>
        ))}
      </dl>
      <p>
        The address of the page names the moment, the node and the view: copy it to show somebody what you
        see.
      </p>
      <button type="button" onClick={close}>
        Close
      </button>
    </dialog>
  );
}
