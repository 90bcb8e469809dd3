import { useEffect } from 'react';
import { pageActions } from '../actions/index.ts';
import { useSession } from './app-store.ts';

const writes = (target: EventTarget | null): boolean => target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null;

const actionsOn = (keys: string) => pageActions.filter((action) => action.keys?.includes(keys));

/** A key as the actions name it. Letters and signs need no Shift to be told apart: `?` is `?`. */
const named = (event: KeyboardEvent): string => `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.shiftKey && event.key.length > 1 ? 'Shift+' : ''}${event.key}`;

/** The keys of all page actions, everywhere except where one writes; those with Ctrl also there. */
export function useKeys(): void {
  const session = useSession();
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.altKey || (writes(event.target) && !(event.ctrlKey || event.metaKey))) return;
      // Where two share a key, the one that can be done now is meant.
      const action = actionsOn(named(event)).find((each) => each.enabled?.(session.getState()) !== false);
      // Space on a button presses that button.
      const onButton = event.target instanceof HTMLElement && event.target.closest('button, a') !== null;
      if (action === undefined || (event.key === ' ' && onButton)) return;
      event.preventDefault();
      action.run(session);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [session]);
}
