import { useViewport } from '@xyflow/react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { thingOf } from '../../store/selected-key.ts';
import { Button } from '../design/parts.tsx';
import { useActions, useApp, useSession } from '../shell/app-store.ts';
import { offersFor } from './actions-for.ts';
import { asksWhy } from './asks-why.ts';
import css from './stage.module.css';

/** `beside`: how far the stage's right edge is from the page's. */
interface Place { readonly left: number; readonly top: number; readonly width: number; readonly beside: number }

/** The inspector lies over the stage's right side, where it comes, grows and goes in its own time: the bar keeps clear of it by its width as the inspector itself tells it. */
const clearOf = ({ left, width, beside }: Place): string => `max(8px, min(${left}px, 100% - max(0px, var(--over) - ${beside}px) - ${width + 8}px))`;

/** What can be done to the selected thing, beside the thing itself. */
export function SelectionBar() {
  const selection = useApp((state) => state.selection);
  const offersKey = useApp((state) => JSON.stringify(offersFor(state.selection, state.rows)));
  const why = useApp(({ selection: chosen, rows }) => chosen?.type === 'object' && asksWhy(rows[chosen.key], rows));
  const { dispatch, select, setInspecting, look } = useActions();
  const session = useSession();
  const view = useViewport();
  const bar = useRef<HTMLDivElement>(null);
  const inspecting = useApp((state) => state.inspecting);
  const [place, setPlace] = useState<Place>();
  const id = thingOf(selection);
  const hasRow = useApp((state) => state.rows[id] !== undefined);
  const following = useApp((state) => id !== '' && state.view.following === id);
  // What is not drawn on the stage has its actions in the inspector.
  const gone = useApp((state) => id !== '' && !id.startsWith('component/') && !id.startsWith('object/Node/') && state.mass === null && state.rows[id] === undefined);

  useLayoutEffect(() => {
    const element = bar.current;
    const thing = id === '' ? null : element?.closest('[data-walk]')?.querySelector<HTMLElement>(`[data-thing="${CSS.escape(id)}"]`);
    const home = element?.offsetParent?.getBoundingClientRect();
    if (element === null || thing === null || thing === undefined || home === undefined) return setPlace(undefined);
    const box = thing.getBoundingClientRect();
    const below = box.bottom + 8 + element.offsetHeight < home.bottom;
    const inside = box.height > 160;
    const top = inside ? box.bottom - element.offsetHeight - 10 : below ? box.bottom + 8 : box.top - element.offsetHeight - 8;
    setPlace({
      left: Math.max(8, Math.min(home.width - element.offsetWidth - 8, box.left + box.width / 2 - element.offsetWidth / 2 - home.left)),
      top: Math.min(home.height - element.offsetHeight - 8, Math.max(8, top - home.top)),
      width: element.offsetWidth, beside: window.innerWidth - home.right,
    });
  }, [id, offersKey, why, inspecting, view.x, view.y, view.zoom]);

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      // The light on the stage goes first.
      if (event.defaultPrevented || (event.key === 'Escape' && session.getState().view.spotlight !== null)) return;
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select, [contenteditable]') !== null) return;
      const state = session.getState();
      if (event.key === 'Escape' && state.selection !== null) { event.preventDefault(); session.act.select(null); }
      if (event.key !== 'Delete') return;
      const thing = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['thing'] : undefined;
      if (thing !== undefined && thing !== thingOf(state.selection)) document.activeElement?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      const now = session.getState();
      const offer = offersFor(now.selection, now.rows).find((candidate) => candidate.onDelete === true);
      if (offer !== undefined) session.act.dispatch(offer.command);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [session]);

  if (selection === null || selection.type === 'record' || selection.type === 'stored' || gone) return null;
  const followable = selection.type === 'object' && selection.kind === 'Pod' && hasRow;
  const offers = JSON.parse(offersKey) as ReturnType<typeof offersFor>;
  const name = selection.type === 'component' ? selection.address : `${selection.kind} ${selection.name}`;
  return (
    <div ref={bar} className={css.actions} style={place === undefined ? { visibility: 'hidden', left: 0, top: 0 } : { top: place.top, left: clearOf(place) }} role="toolbar" aria-label={`What can be done to ${name}`} data-actions>
      <b className={css.actionsName}>{name}</b>
      {/* The answer stands on top of the inspector's page. */}
      <Button look="loud" onClick={() => setInspecting(true)}>{why ? 'Why?' : 'Inspect'}</Button>
      {why && <Button onClick={() => setInspecting(true)}>Inspect</Button>}
      {followable && <Button onClick={() => look({ following: following ? null : id, camera: null, focus: null })}>{following ? 'Stop following' : 'Follow'}</Button>}
      {offers.map((offer) => <Button key={offer.label} danger={offer.danger === true} onClick={() => dispatch(offer.command)}>{offer.label}</Button>)}
      <Button look="quiet" aria-label="Close" onClick={() => select(null)}>✕</Button>
    </div>
  );
}
