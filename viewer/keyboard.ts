import { useLayoutEffect, useRef } from 'preact/hooks';

/** Handlers for keys of the whole page, by `KeyboardEvent.key`; not called while the user types in a field. */
export function useKeyboard(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  // A layout effect, so that keys work from the first paint on.
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { target } = event;
      const typing = target instanceof HTMLInputElement && target.type === 'search';
      if (typing || target instanceof HTMLSelectElement) {
        if (event.key === 'Escape' && typing) target.blur();
        return;
      }
      const handle = latest.current[event.key];
      if (!handle) return;
      event.preventDefault();
      handle();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
