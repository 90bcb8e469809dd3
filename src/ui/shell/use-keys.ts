import { useEffect } from 'react';
import { pageActions } from '../actions/index.ts';
import { useSession } from './app-store.ts';

const writes = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

const byKeys = new Map(pageActions.flatMap((action) => (action.keys ?? []).map((keys) => [keys, action] as const)));

/** A key as the actions name it. Letters and signs need no Shift to be told apart: `?` is `?`. */
const named = (event: KeyboardEvent): string => `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.shiftKey && event.key.length > 1 ? 'Shift+' : ''}${event.key}`;

/** The keys of all page actions, everywhere except where one writes; those with Ctrl also there. */
export function useKeys(): void {
  const session = useSession();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || (writes(event.target) && !(event.ctrlKey || event.metaKey))) return;
      const action = byKeys.get(named(event));
      // Space on a button presses that button.
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a') !== null;
      if (action === undefined || (event.key === ' ' && onButton) || action.enabled?.(session.getState()) === false) return;
      event.preventDefault();
      action.run(session);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [session]);
}
