import { sceneSays } from '../../store/caption.ts';
import { Button } from '../design/parts.tsx';
import { useActions, useApp } from './app-store.ts';
import css from './scene-caption.module.css';

/** The words of the scene that is being told, above the stage. */
export default function SceneCaption() {
  const scene = useApp((state) => state.scene);
  const says = useApp((state) => (state.scene === null || state.phase === 'opening' ? '' : sceneSays(state.scene, state.rows)));
  const atStart = useApp((state) => state.scene !== null && state.playheadUs <= state.scene.startUs);
  const atEnd = useApp((state) => state.scene !== null && state.playheadUs >= state.scene.stopUs);
  const { open, play } = useActions();
  if (scene === null) return null;
  const again = (): void => {
    open(scene.recording, scene.startUs, scene);
    play();
  };
  return (
    <section className={css.scene} aria-label={`Scene: ${scene.title}`}>
      <h2>{scene.title}</h2>
      <p aria-live="polite">{atStart || says === '' ? scene.look : says}</p>
      {atEnd && <Button onClick={again}>Once more</Button>}
    </section>
  );
}
