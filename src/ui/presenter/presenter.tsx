import { captionOf } from '../../store/caption.ts';
import { clockText, durationText } from '../../store/words.ts';
import { Stage } from '../canvas/stage.tsx';
import { Button, classes } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import { ThinLine } from '../timeline/thin-line.tsx';
import css from './presenter.module.css';
import { useIdlePointer, usePresenterKeys, useWakeLock } from './use-presenting.ts';

/** The page for a room full of people: the stage, what is happening, and how late it is. */
export default function Presenter() {
  const black = usePresenterKeys();
  const idle = useIdlePointer();
  useWakeLock();
  const { look } = useActions();
  return (
    <div className={classes(css.room, idle && css.idle)} data-presenting>
      <main className={css.stage}><Stage scale="room" /></main>
      <footer className={css.foot} aria-label="Time">
        <Caption />
        <div className={css.line}><ThinLine /><Button look="quiet" className={css.leave} onClick={() => look({ mode: 'explore' })}>Leave (Esc)</Button></div>
      </footer>
      {black && <output className={css.black} aria-label="Black screen: press b to go on" />}
    </div>
  );
}

function Caption() {
  const title = useApp((state) => state.scene?.title ?? '');
  const says = useApp(captionOf);
  const clock = useApp((state) => clockText(state.playheadUs));
  const doing = useApp((state) => (state.phase === 'opening' ? 'starting a cluster…' : state.phase === 'seeking' ? 'going there…' : state.skipUs > 0 ? `» skipping ${durationText(state.skipUs)}` : state.playing ? '' : 'paused'));
  return (
    <div className={css.words}>
      <p className={css.says} aria-live="polite">{says === '' ? title : says}</p>
      <p className={css.when}><time>{clock}</time><span>{doing}</span></p>
    </div>
  );
}
