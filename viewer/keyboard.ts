import { useLayoutEffect, useRef } from 'preact/hooks';

/** Keys of the whole page, by `KeyboardEvent.key`; they rest while something is typed. */
export function useKeyboard(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  // Before the first paint: a key that is pressed at once is heard.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      const typing = target instanceof HTMLInputElement && target.type === 'search';
      if (typing || target instanceof HTMLSelectElement) {
        if (event.key === 'Escape' && typing) target.blur();
        return;
      }
      const act = latest.current[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
