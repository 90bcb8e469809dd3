import { useCallback, useMemo, useRef } from 'react';
import type { PointerEvent } from 'react';
import type { Mark } from '../../session/port/protocol.ts';
import { isWhole, loopBetween } from '../../store/loop.ts';
import { layRuler, momentAt, placeOf } from '../../store/ruler.ts';
import type { Ruler } from '../../store/ruler.ts';
import { clockText, durationText } from '../../store/words.ts';
import { classes } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import { useWidth } from '../shell/use-width.ts';
import { Branches } from './branches.tsx';
import { placeMarks } from './mark-labels.ts';
import { MarkShape, markWords } from './mark-shape.tsx';
import css from './time-bar.module.css';

const foldPx = 84;

function useRuler(width: number): Ruler {
  const spans = useApp((state) => state.spans);
  const marks = useApp((state) => state.marks);
  const seenUs = useApp((state) => Math.ceil(state.seenUs / 500_000) * 500_000);
  return useMemo(() => layRuler(spans.filter(([from]) => from <= seenUs + 30_000_000), marks.filter((mark) => mark.atUs <= seenUs + 1), 0, seenUs, foldPx / Math.max(1, width)), [spans, marks, seenUs, width]);
}

/** The axis of time: what was played, what happened, what repeats, and where futures part. */
export function TimeRuler() {
  const track = useRef<HTMLDivElement>(null);
  const width = useWidth(track);
  const ruler = useRuler(width);
  const { scrub, setLoop } = useActions();
  const marks = useApp((state) => state.marks);
  const horizonUs = useApp((state) => state.horizonUs);
  const dragging = useRef<{ readonly loopFromUs?: number }>(undefined);
  const moveTo = useCallback((event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const atUs = momentAt(ruler, Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)));
    const { loopFromUs } = (dragging.current ??= event.shiftKey ? { loopFromUs: atUs } : {});
    if (loopFromUs === undefined) scrub(atUs);
    else setLoop(loopBetween(loopFromUs, atUs));
  }, [ruler, scrub, setLoop]);
  return (
    <div className={css.ruler}>
      <div
        ref={track} className={css.track}
        onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); moveTo(event); }}
        onPointerMove={(event) => { if (dragging.current !== undefined) moveTo(event); }}
        onPointerUp={() => { dragging.current = undefined; }}
        onPointerCancel={() => { dragging.current = undefined; }}
      >
        <LoopBand ruler={ruler} />
        <Branches ruler={ruler} width={width} />
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
      if (place - last < 76 || place > width - (width > 500 ? 220 : 60)) continue;
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
    <button key={index} type="button" className={classes(css.mark, css[mark.kind])} style={{ left: place }} title={`${mark.text} · ${clockText(mark.atUs)} · ${markWords[mark.kind]}`} aria-label={`To ${mark.text}, ${clockText(mark.atUs)}, ${markWords[mark.kind]}`}
      onPointerDown={(event) => event.stopPropagation()} onClick={() => scrub(mark.atUs)}>
      <MarkShape kind={mark.kind} />
      {left !== undefined && <span style={{ transform: `translateX(${left - place}px)` }}>{mark.text}</span>}
    </button>
  ));
}

/** Between two tellings it glides: what moves by itself is left to the browser, because a page that is laid out anew for it keeps messages waiting. */
function Playhead({ ruler }: { readonly ruler: Ruler }) {
  const place = useApp((state) => placeOf(ruler, state.playheadUs));
  const playing = useApp((state) => state.playing);
  // While time passes nobody listens to its thousandths.
  const text = useApp((state) => clockText(state.playing ? Math.floor(state.playheadUs / 100_000) * 100_000 : state.playheadUs));
  const { scrub } = useActions();
  return (
    <>
      <input type="range" className={css.range} min={0} max={1000} step={1} value={Math.round(place * 1000)} aria-label="Time" aria-valuetext={text} onChange={(event) => scrub(momentAt(ruler, Number(event.target.value) / 1000))} />
      <span className={css.rail}><span className={classes(css.played, playing && css.glides)} style={{ transform: `scaleX(${place})` }} /></span>
      <span className={classes(css.knobWay, playing && css.glides)} style={{ transform: `translateX(${place * 100}%)` }}><span className={css.knob} /></span>
    </>
  );
}

/** The stretch that repeats; before it has an end, where it begins. */
function LoopBand({ ruler }: { readonly ruler: Ruler }) {
  const loop = useApp((state) => state.loop);
  const { setLoop } = useActions();
  if (loop === null) return null;
  const [from, to] = [placeOf(ruler, loop.fromUs), placeOf(ruler, loop.toUs ?? loop.fromUs)];
  const name = isWhole(loop) ? `Loop of ${durationText(loop.toUs - loop.fromUs)}. Press to let go of it.` : 'The loop begins here. Press to let go of it.';
  return (
    <button
      type="button" className={classes(css.loop, !isWhole(loop) && css.openLoop)} style={{ left: `${from * 100}%`, width: `${(to - from) * 100}%` }} title={`${name} (O)`} aria-label={name}
      onPointerDown={(event) => event.stopPropagation()} onClick={() => setLoop(null)}
    >
      <span>↻</span>
    </button>
  );
}
