import { Button } from '../design/parts.tsx';
import { useActions, useApp } from './app-store.ts';
import css from './link-to-copy.module.css';

/** How far the film is, and the way to give it up. */
export function FilmProgress() {
  const share = useApp((state) => state.view.filming);
  const { look } = useActions();
  if (share === null) return null;
  return (
    <section className={css.box} aria-label="Recording a video">
      <label><span>Recording a video of what you see…</span><progress className={css.progress} value={share} max={1} /></label>
      <Button onClick={() => look({ filming: null })}>Cancel</Button>
    </section>
  );
}
