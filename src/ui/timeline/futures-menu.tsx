import { useId, useState } from 'react';
import type { ToggleEvent } from 'react';
import type { Futures } from '../../store/futures.ts';
import { futureName } from '../../store/futures.ts';
import { clockText } from '../../store/words.ts';
import { Button, classes, Sign } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import css from './futures-menu.module.css';

/** The futures as a tree in words, each with what can be done with it. */
export default function FuturesMenu() {
  const id = useId();
  const futures = useApp((state) => state.futures);
  const [place, setPlace] = useState<{ left: number; bottom: number }>();
  const onToggle = (event: ToggleEvent<HTMLElement>): void => {
    if (event.newState !== 'open') return setPlace(undefined);
    const box = document.querySelector(`[popovertarget="${id}"]`)!.getBoundingClientRect();
    return setPlace({ left: Math.max(8, Math.min(box.left, window.innerWidth - 500)), bottom: window.innerHeight - box.top + 4 });
  };
  return (
    <>
      <Button look="quiet" className={css.button} popoverTarget={id} aria-label={`Futures: ${futures.all.length}`} title="Futures: the ways this world was made to go"><Sign name="fork" size={20} />{futures.all.length}</Button>
      <section id={id} popover="auto" aria-label="Futures" className={css.panel} style={place} onToggle={onToggle}>
        {place !== undefined && <ul>{inTree(futures).map(({ id: futureId, depth }) => <Row key={futureId} id={futureId} depth={depth} menu={id} />)}</ul>}
      </section>
    </>
  );
}

/** Each future below the one it parts from. */
function inTree({ all }: Futures): readonly { readonly id: number; readonly depth: number }[] {
  const below = (parentId: number | null, depth: number): readonly { readonly id: number; readonly depth: number }[] =>
    all.filter((future) => future.parentId === parentId).flatMap(({ id }) => [{ id, depth }, ...below(id, depth + 1)]);
  return below(null, 0);
}

function Row({ id, depth, menu }: { readonly id: number; readonly depth: number; readonly menu: string }) {
  const future = useApp((state) => state.futures.all.find((each) => each.id === id));
  const shown = useApp((state) => state.futures.currentId === id);
  const beside = useApp((state) => state.besideId === id);
  const ready = useApp((state) => state.phase === 'ready');
  const { switchTo, setBeside, forgetFuture } = useActions();
  if (future === undefined) return null;
  const name = futureName(future);
  const done = (act: () => void) => () => { document.getElementById(menu)?.hidePopover(); act(); };
  return (
    <li className={classes(css.row, shown && css.shown)} style={{ paddingLeft: 10 + depth * 18 }} aria-current={shown}>
      <span className={css.name}>{depth > 0 && <span aria-hidden="true">└ </span>}<b>{name}</b>{future.parentId !== null && future.name !== '' && <small>from {clockText(future.atUs)}</small>}</span>
      {shown ? <span className={css.word}>shown</span> : (
        <>
          <Button disabled={!ready} aria-label={`Switch to ${name}`} onClick={done(() => switchTo(id))}>Switch</Button>
          <Button disabled={!ready} aria-pressed={beside} aria-label={beside ? `No longer beside: ${name}` : `Show beside: ${name}`} onClick={done(() => setBeside(beside ? null : id))}>{beside ? 'Not beside' : 'Beside'}</Button>
          <Button look="quiet" aria-label={`Let go of ${name}`} title="Let go of it" onClick={() => forgetFuture(id)}>✕</Button>
        </>
      )}
    </li>
  );
}
