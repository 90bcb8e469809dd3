import { lazy, Suspense, useRef } from 'react';
import { speeds } from '../../store/pace.ts';
import type { Speed } from '../../store/pace.ts';
import { clockText, durationText, paceText } from '../../store/words.ts';
import { Button, classes, Hidden, Sign } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import { MenuButton } from '../shell/menus.tsx';
import { pageActions } from '../actions/index.ts';
import { TimeRuler } from './time-ruler.tsx';
import css from './time-bar.module.css';

const FuturesMenu = lazy(() => import('./futures-menu.tsx'));

const speedNames = new Map<Speed, string>([[0.02, 'slow ×1/50'], [0.1, 'slow ×1/10'], [0.25, 'pace ×¼'], [0.5, 'pace ×½'], [1, 'pace ×1'], [2, 'pace ×2'], [4, 'pace ×4'], [8, 'pace ×8'], ['no waiting', 'no waiting'], ['real time', 'real time']]);

const timeActions = pageActions.filter(({ menu }) => menu === 'time');

/** Time as an object one can hold: buttons, the clock, and the ruler. */
export function TimeBar() {
  return (
    <footer className={css.bar} aria-label="Time">
      <Buttons />
      <Clock />
      <TimeRuler />
    </footer>
  );
}

function Buttons() {
  const act = useActions();
  const playing = useApp((state) => state.playing);
  const several = useApp((state) => state.futures.all.length > 1);
  const usable = useApp((state) => state.phase === 'ready' || state.phase === 'seeking');
  return (
    <div className={css.buttons}>
      <Button look="quiet" className={css.step} disabled={!usable} title="To the start (Home)" aria-label="To the start" onClick={act.toStart}><Sign name="start" /></Button>
      <Button look="quiet" className={classes(css.step, css.wide)} disabled={!usable} title="Back to the change before (Shift+←)" aria-label="Back to the change before" onClick={() => act.step('change', -1)}><Sign name="changeBack" size={18} /></Button>
      <Button look="quiet" className={css.step} disabled={!usable} title="Back to the message before (←)" aria-label="Back to the message before" onClick={() => act.step('message', -1)}><Sign name="back" /></Button>
      <Button className={css.play} look="loud" disabled={!usable} title={playing ? 'Pause (Space)' : 'Play (Space)'} aria-label={playing ? 'Pause' : 'Play'} onClick={act.toggle}><Sign name={playing ? 'pause' : 'play'} size={26} /></Button>
      <Button look="quiet" className={css.step} disabled={!usable} title="On to the next message (→)" aria-label="On to the next message" onClick={() => act.step('message', 1)}><Sign name="forward" /></Button>
      <Button look="quiet" className={css.step} disabled={!usable} title="On to the next change (Shift+→)" aria-label="On to the next change" onClick={() => act.step('change', 1)}><Sign name="change" size={18} /></Button>
      <MenuButton up name="More ways through time" className={css.step} actions={timeActions}><Sign name="more" size={20} /></MenuButton>
      {several && <Suspense fallback={null}><FuturesMenu /></Suspense>}
    </div>
  );
}

function Clock() {
  const time = useApp((state) => clockText(state.playheadUs));
  const exact = useApp((state) => `PT${(state.playheadUs / 1_000_000).toFixed(6)}S`);
  const speed = useApp((state) => state.speed);
  const { setSpeed } = useActions();
  return (
    <div className={css.clock}>
      <time className={css.time} dateTime={exact}>{time}</time>
      <PaceWords />
      <label className={css.speed}>
        <Hidden>Speed</Hidden>
        <select value={String(speed)} onChange={(event) => setSpeed(speeds.find((each) => String(each) === event.target.value) ?? 1)} title="Speed (+ and −)">
          {speeds.map((each) => <option key={String(each)} value={String(each)}>{speedNames.get(each)}</option>)}
        </select>
      </label>
    </div>
  );
}

/** The pace changes with each message; in words it changes four times a second, so that it can be read. */
function PaceWords() {
  const last = useRef({ at: -1, text: '' });
  const text = useApp((state) => {
    if (state.phase === 'seeking') return 'going there…';
    if (!state.playing) return 'paused';
    if (state.waiting) return 'computing…';
    if (state.served === 'live' && state.rate === 0) return 'live';
    if (state.skipUs > 0) return `» skipping ${durationText(state.skipUs)}`;
    const now = state.rate === 0 ? -1 : performance.now();
    if (now - last.current.at > 250 || last.current.at < 0) last.current = { at: now, text: state.rate === 0 ? '…' : paceText(state.rate) };
    return last.current.text;
  });
  return <span className={classes(css.pace, text.startsWith('»') && css.skipping)}>{text}</span>;
}
