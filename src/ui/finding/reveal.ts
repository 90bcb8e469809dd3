import type { SessionStore } from '../../store/session-store.ts';
import type { Selection } from '../../store/state.ts';
import { thingOf } from '../../store/selected-key.ts';

/** Chooses a thing where it is drawn, and brings the keyboard there; what is not drawn opens in the inspector. */
export function reveal(session: SessionStore, selection: Selection): void {
  session.act.look({ panel: 'stage' });
  session.act.select(selection);
  // The stage may only now be shown: one frame for it to appear.
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const thing = document.querySelector<HTMLElement>(`[data-thing="${CSS.escape(thingOf(selection))}"]`);
    if (thing === null) return session.act.select(selection, true);
    thing.focus({ preventScroll: true });
    thing.closest('[data-scrolls]')?.scrollTo({ left: thing.offsetLeft - 60 });
    return undefined;
  }));
}
