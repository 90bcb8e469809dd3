import { useEffect } from 'react';
import { speeds } from '../timeline/time-bar.tsx';
import { useSession } from './app-store.ts';

const writes = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

/** The keys that work everywhere except where one writes. */
export function useKeys(): void {
  const session = useSession();
  useEffect(() => {
    const { act } = session;
    const faster = (by: 1 | -1): void => {
      const next = speeds[speeds.indexOf(session.getState().speed) + by];
      if (next !== undefined && next !== 'real time') act.setSpeed(next);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a') !== null;
      const what = event.shiftKey ? 'change' : 'message';
      const keys: Record<string, () => void> = {
        ' ': act.toggle, ArrowRight: () => act.step(what, 1), ArrowLeft: () => act.step(what, -1),
        Home: act.toStart, End: act.toEnd, '+': () => faster(1), '=': () => faster(1), '-': () => faster(-1),
      };
      const work = keys[event.key];
      // Space on a button presses that button.
      if (work === undefined || (event.key === ' ' && onButton)) return;
      event.preventDefault();
      work();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [session]);
}
