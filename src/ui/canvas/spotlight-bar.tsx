import { Button } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import css from './stage.module.css';

/** Says why all else is dim, and ends it. */
export function SpotlightBar() {
  const title = useApp((state) => (state.view.finding ? undefined : state.view.spotlight?.title));
  const of = useApp((state) => state.view.spotlight?.of);
  const { look, select, scrub, play } = useActions();
  if (title === undefined) return null;
  return (
    <output className={css.lookBar} aria-label="Lit on the stage">
      <span>Lit: <b>{title}</b></span>
      {of !== undefined && <Button onClick={() => { scrub(of.fromUs); play(); }}>Watch it</Button>}
      {of !== undefined && <Button onClick={() => select(of.selection, true)}>Back to the list</Button>}
      <Button look="quiet" onClick={() => look({ spotlight: null })}>Show all <kbd>Esc</kbd></Button>
    </output>
  );
}
