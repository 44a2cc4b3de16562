import { useEffect, useRef } from 'preact/hooks';
import { nodeStates } from '../../src/report/page/document.ts';
import { StateMark, stateMeanings } from '../parts/state-mark.tsx';

const keys: readonly (readonly [string, string])[] = [
  ['← →', 'previous and next event'],
  ['k j', 'previous and next change of the tree, a device or a driver, or error'],
  ['Home End', 'first and last event'],
  ['/', 'search the tree by name, path (with a slash) or phandle (0x…)'],
  ['?', 'this help'],
];

/** The colours of the time line. */
const marks: readonly (readonly [string, string])[] = [
  ['bad', 'on the time line, red: a warning, an error or a refusal'],
  ['significant', 'blue: the tree, a device or a driver changed'],
  ['other', 'grey: everything else'],
];

/** The dialog that explains keys, colours and symbols. */
export function Help({ close }: { close(): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="help-title">
      <h2 id="help-title">Keys and symbols</h2>
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
        {nodeStates.map((state) => (
          <div key={state}>
            <dt>
              <StateMark state={state} />
            </dt>
            <dd>{`${state}: ${stateMeanings[state]}`}</dd>
          </div>
        ))}
      </dl>
      <p>The address of the page names the current event, node and view. Copy it to share what you see.</p>
      <button type="button" onClick={close}>
        Close
      </button>
    </dialog>
  );
}
