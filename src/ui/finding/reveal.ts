import { massFromRows } from '../../store/mass-from-rows.ts';
import { massPlace } from '../../store/mass-names.ts';
import type { SessionStore } from '../../store/session-store.ts';
import type { Selection } from '../../store/state.ts';
import { thingOf } from '../../store/selected-key.ts';

/** Chooses a thing where it is drawn, and brings the keyboard there; what is not drawn opens in the inspector. */
export function reveal(session: SessionStore, selection: Selection): void {
  const { mass, rows } = session.getState();
  const table = (mass ?? massFromRows(rows))?.table;
  const isTile = table !== undefined && massPlace(table, thingOf(selection)) !== undefined;
  session.act.look({ panel: 'stage', ...(isTile && { focus: thingOf(selection) }) });
  session.act.select(selection);
  // A tile is far away: the camera takes its time to bring it.
  if (isTile) return;
  // The stage may only now be shown: one frame for it to appear.
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const thing = document.querySelector<HTMLElement>(`[data-thing="${CSS.escape(thingOf(selection))}"]`);
    if (thing === null) return session.act.select(selection, true);
    thing.focus({ preventScroll: true });
    thing.closest('[data-scrolls]')?.scrollTo({ left: thing.offsetLeft - 60 });
    return undefined;
  }));
}
