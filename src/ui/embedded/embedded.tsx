import { useEffect, useRef, useState } from 'react';
import { captionOf } from '../../store/caption.ts';
import { clockText } from '../../store/words.ts';
import { Stage } from '../canvas/stage.tsx';
import { Button, classes, Sign } from '../design/parts.tsx';
import { useActions, useApp, useSession } from '../shell/app-store.ts';
import { momentAddress } from '../share/share-moment.ts';
import { ThinLine } from '../timeline/thin-line.tsx';
import { TimeBar } from '../timeline/time-bar.tsx';
import { useKeys } from '../shell/use-keys.ts';
import css from './embedded.module.css';
import type { EmbedOptions } from './options.ts';
import { usePauseOffScreen } from './use-pause-off-screen.ts';

/** One scene in another page: a picture that begins to move when it is asked to, and leaves the page's own scrolling alone until then. */
export default function Embedded({ options: { controls } }: { readonly options: EmbedOptions }) {
  useKeys();
  const begun = useApp((state) => state.branch >= 0);
  const failure = useApp((state) => (state.phase === 'failed' ? state.failure : ''));
  const title = useApp((state) => state.scene?.title ?? 'Orrery');
  const [started, setStarted] = useState(false);
  const [within, setWithin] = useState(false);
  const { play } = useActions();
  const frame = useRef<HTMLDivElement>(null);
  usePauseOffScreen(frame);
  // Whoever goes back to the host page gets its scrolling back.
  useEffect(() => {
    const leave = (): void => setWithin(false);
    window.addEventListener('blur', leave);
    return () => window.removeEventListener('blur', leave);
  }, []);
  const begin = (): void => {
    setWithin(true);
    if (started) return;
    setStarted(true);
    play();
  };
  return (
    <div ref={frame} className={css.frame} data-controls={controls}>
      <Words inBar={controls === 'bar'} />
      <main className={css.stage}>
        <Stage />
        {failure !== '' && <p role="alert" className={css.failed}>This scene could not be shown: {failure}</p>}
        {!within && failure === '' && (
          <button type="button" className={css.guard} disabled={!begun} onClick={begin} aria-label={started ? `Click to use ${title}` : `Play: ${title}`}>
            {!started && begun && <span className={css.play}><Sign name="play" size={40} /> Play</span>}
          </button>
        )}
      </main>
      {controls === 'bar' && <Bar onPlay={() => { setStarted(true); setWithin(true); }} />}
      {controls === 'full' && <TimeBar />}
    </div>
  );
}

/** The scene's words, and the way to the whole of Orrery. */
function Words({ inBar }: { readonly inBar: boolean }) {
  const scene = useApp((state) => state.scene);
  const says = useApp(captionOf);
  const early = useApp((state) => state.scene !== null && !state.playing && state.playheadUs <= state.scene.startUs);
  return (
    <header className={css.words}>
      <p aria-live="polite" className={classes(early && css.look)}>{early || says === '' ? (scene?.look ?? 'A working model of a Kubernetes cluster.') : says}</p>
      {!inBar && <OpenInOrrery />}
    </header>
  );
}

/** A sandbox may forbid new windows: then the address is shown, to be taken along. */
function OpenInOrrery() {
  const session = useSession();
  const [address, setAddress] = useState('');
  const open = async (): Promise<void> => {
    const { href } = await momentAddress(session);
    if (window.open(href, '_blank') === null) setAddress(href);
  };
  if (address !== '') return <input className={css.address} readOnly value={address} aria-label="Address of this moment in Orrery" onFocus={(event) => event.currentTarget.select()} />;
  return <Button look="link" className={css.open} onClick={() => void open()}>Open in Orrery</Button>;
}

function Bar({ onPlay }: { readonly onPlay: () => void }) {
  const playing = useApp((state) => state.playing);
  const clock = useApp((state) => clockText(state.playheadUs).replace(/\d\d s$/, ' s'));
  const scene = useApp((state) => state.scene);
  const atEnd = useApp((state) => state.scene !== null && state.playheadUs >= state.scene.stopUs);
  const usable = useApp((state) => state.phase === 'ready' || state.phase === 'seeking');
  const { open, play, pause } = useActions();
  const press = (): void => {
    onPlay();
    if (playing) return pause();
    if (!atEnd || scene === null) return play();
    return open(scene.recording, scene.startUs, scene);
  };
  return (
    <footer className={css.bar} aria-label="Time">
      <Button look="loud" className={css.press} disabled={!usable} aria-label={playing ? 'Pause' : atEnd ? 'Once more' : 'Play'} onClick={press}><Sign name={playing ? 'pause' : atEnd ? 'start' : 'play'} size={20} /></Button>
      <ThinLine />
      <time>{clock}</time>
      <OpenInOrrery />
    </footer>
  );
}
