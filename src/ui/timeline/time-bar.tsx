import { useCallback, useEffect, useMemo, useRef } from 'react';
import type { PointerEvent } from 'react';
import { layRuler, momentAt, placeOf } from '../../store/ruler.ts';
import type { Ruler } from '../../store/ruler.ts';
import { speeds } from '../../store/pace.ts';
import type { Speed } from '../../store/pace.ts';
import type { Mark } from '../../session/port/protocol.ts';
import { clockText, durationText, paceText } from '../../store/words.ts';
import { Button, classes, Hidden, Sign } from '../design/parts.tsx';
import { useActions, useApp, useSession } from '../shell/app-store.ts';
import type { AppState } from '../../store/state.ts';
import { useWidth } from '../shell/use-width.ts';
import { placeMarks } from './mark-labels.ts';
import css from './time-bar.module.css';

const speedNames = new Map<Speed, string>([[0.25, 'pace ×¼'], [0.5, 'pace ×½'], [1, 'pace ×1'], [2, 'pace ×2'], [4, 'pace ×4'], [8, 'pace ×8'], ['real time', 'real time']]);

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
  const usable = useApp((state) => state.phase === 'ready' || state.phase === 'seeking');
  return (
    <div className={css.buttons}>
      <Button look="quiet" className={css.step} disabled={!usable} title="To the start (Home)" aria-label="To the start" onClick={act.toStart}><Sign name="start" /></Button>
      <Button look="quiet" className={classes(css.step, css.wide)} disabled={!usable} title="Back to the change before (Shift+←)" aria-label="Back to the change before" onClick={() => act.step('change', -1)}><Sign name="changeBack" size={18} /></Button>
      <Button look="quiet" className={css.step} disabled={!usable} title="Back to the message before (←)" aria-label="Back to the message before" onClick={() => act.step('message', -1)}><Sign name="back" /></Button>
      <Button className={css.play} look="loud" disabled={!usable} title={playing ? 'Pause (Space)' : 'Play (Space)'} aria-label={playing ? 'Pause' : 'Play'} onClick={act.toggle}><Sign name={playing ? 'pause' : 'play'} size={26} /></Button>
      <Button look="quiet" className={css.step} disabled={!usable} title="On to the next message (→)" aria-label="On to the next message" onClick={() => act.step('message', 1)}><Sign name="forward" /></Button>
      <Button look="quiet" className={css.step} disabled={!usable} title="On to the next change (Shift+→)" aria-label="On to the next change" onClick={() => act.step('change', 1)}><Sign name="change" size={18} /></Button>
    </div>
  );
}

/** Writes into the page what changes with every frame: nothing around it is rendered again. */
function useEachFrame(write: (state: AppState) => void): void {
  const session = useSession();
  useEffect(() => {
    write(session.getState());
    return session.subscribe((state, before) => { if (state.playheadUs !== before.playheadUs) write(state); });
  }, [session, write]);
}

function Clock() {
  const time = useRef<HTMLTimeElement>(null);
  useEachFrame(useCallback((state) => { time.current!.textContent = clockText(state.playheadUs); }, []));
  const speed = useApp((state) => state.speed);
  const { setSpeed } = useActions();
  return (
    <div className={css.clock}>
      <time ref={time} className={css.time} />
      <PaceWords />
      <label className={css.speed}>
        <Hidden>Speed</Hidden>
        <select value={String(speed)} onChange={(event) => setSpeed(event.target.value === 'real time' ? 'real time' : Number(event.target.value))} title="Speed (+ and −)">
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
    if (state.skipUs > 0) return `» skipping ${durationText(state.skipUs)}`;
    const now = state.rate === 0 ? -1 : performance.now();
    if (now - last.current.at > 250 || last.current.at < 0) last.current = { at: now, text: state.rate === 0 ? '…' : paceText(state.rate) };
    return last.current.text;
  });
  return <span className={classes(css.pace, text.startsWith('»') && css.skipping)}>{text}</span>;
}

const foldPx = 84;

function useRuler(width: number): Ruler {
  const spans = useApp((state) => state.spans);
  const marks = useApp((state) => state.marks);
  const seenUs = useApp((state) => Math.ceil(state.seenUs / 500_000) * 500_000);
  return useMemo(() => layRuler(spans.filter(([from]) => from <= seenUs + 30_000_000), marks.filter((mark) => mark.atUs <= seenUs + 1), 0, seenUs, foldPx / Math.max(1, width)), [spans, marks, seenUs, width]);
}

function TimeRuler() {
  const track = useRef<HTMLDivElement>(null);
  const width = useWidth(track);
  const ruler = useRuler(width);
  const { scrub } = useActions();
  const marks = useApp((state) => state.marks);
  const horizonUs = useApp((state) => state.horizonUs);
  const dragging = useRef(false);
  const moveTo = useCallback((event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    scrub(momentAt(ruler, Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))));
  }, [ruler, scrub]);
  return (
    <div className={css.ruler}>
      <div
        ref={track} className={css.track}
        onPointerDown={(event) => { dragging.current = true; event.currentTarget.setPointerCapture(event.pointerId); moveTo(event); }}
        onPointerMove={(event) => { if (dragging.current) moveTo(event); }}
        onPointerUp={() => { dragging.current = false; }}
        onPointerCancel={() => { dragging.current = false; }}
      >
        <Axis ruler={ruler} width={width} />
        <Marks ruler={ruler} marks={marks} width={width} />
        <Playhead ruler={ruler} />
      </div>
      <span className={css.horizon} title="How far the world has been computed">computed to {clockText(horizonUs).replace(/\.\d+ s$/, ' s')}</span>
    </div>
  );
}

function Axis({ ruler, width }: { readonly ruler: Ruler; readonly width: number }) {
  const ticks: { at: number; place: number }[] = [];
  let last = -1000;
  // The cluster's own beginning is narrow; what is told from is where the user comes in.
  for (const part of ruler.parts.slice(ruler.parts.length > 1 ? 1 : 0)) {
    for (const at of [part.fromUs, part.toUs]) {
      const place = placeOf(ruler, at) * width;
      if (place - last < 76 || place > width - (width > 500 ? 190 : 60)) continue;
      ticks.push({ at, place });
      last = place;
    }
  }
  return (
    <>
      {ruler.parts.map((part) => part.folded && (
        <span key={part.fromUs} className={css.fold} style={{ left: `${part.left * 100}%`, width: `${part.width * 100}%` }}>
          <span>{part.width * width > 70 ? `» ${durationText(part.toUs - part.fromUs)}` : part.width * width > 22 ? '»' : ''}</span>
        </span>
      ))}
      {ticks.map(({ at, place }, index) => <span key={index} className={css.tick} style={{ left: place }}>{durationText(at)}</span>)}
    </>
  );
}

/** Where there is no room for a mark's name, the line remains and says its name when pointed at. */
function Marks({ ruler, marks, width }: { readonly ruler: Ruler; readonly marks: readonly Mark[]; readonly width: number }) {
  const seenUs = useApp((state) => state.seenUs);
  const { scrub } = useActions();
  const shown = placeMarks(marks.filter((mark) => mark.atUs <= seenUs + 1), (atUs) => placeOf(ruler, atUs) * width, width);
  return shown.map(({ mark, place, left }, index) => (
    <button key={index} type="button" className={classes(css.mark, css[mark.kind])} style={{ left: place }} title={`${mark.text} · ${clockText(mark.atUs)}`} aria-label={`To ${mark.text}, ${clockText(mark.atUs)}`}
      onPointerDown={(event) => event.stopPropagation()} onClick={() => scrub(mark.atUs)}>
      {left !== undefined && <span style={{ transform: `translateX(${left - place}px)` }}>{mark.text}</span>}
    </button>
  ));
}

function Playhead({ ruler }: { readonly ruler: Ruler }) {
  const thousandths = useApp((state) => Math.round(placeOf(ruler, state.playheadUs) * 1000));
  // While time passes nobody listens to its thousandths.
  const text = useApp((state) => clockText(state.playing ? Math.floor(state.playheadUs / 100_000) * 100_000 : state.playheadUs));
  const played = useRef<HTMLSpanElement>(null);
  const knob = useRef<HTMLSpanElement>(null);
  useEachFrame(useCallback((state) => {
    const place = placeOf(ruler, state.playheadUs);
    played.current!.style.transform = `scaleX(${place})`;
    knob.current!.style.transform = `translateX(${place * 100}%)`;
  }, [ruler]));
  const { scrub } = useActions();
  return (
    <>
      <input type="range" className={css.range} min={0} max={1000} step={1} value={thousandths} aria-label="Time" aria-valuetext={text} onChange={(event) => scrub(momentAt(ruler, Number(event.target.value) / 1000))} />
      <span className={css.rail}><span ref={played} className={css.played} /></span>
      <span ref={knob} className={css.knobWay}><span className={css.knob} /></span>
    </>
  );
}
