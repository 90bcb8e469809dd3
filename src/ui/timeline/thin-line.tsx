import { useMemo } from 'react';
import type { PointerEvent } from 'react';
import { layRuler, momentAt, placeOf } from '../../store/ruler.ts';
import { clockText } from '../../store/words.ts';
import { classes } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import css from './thin-line.module.css';

const foldShare = 0.03;

/** The time axis where there is room for no more than a line: how far, and where the marks are. */
export function ThinLine() {
  const spans = useApp((state) => state.spans);
  const marks = useApp((state) => state.marks);
  // A scene's line is as long as the scene; any other as long as what has been seen.
  const seenUs = useApp((state) => Math.ceil(state.seenUs / 500_000) * 500_000);
  const endUs = useApp((state) => Math.max(seenUs, state.scene?.stopUs ?? 0));
  const ruler = useMemo(() => layRuler(spans.filter(([from]) => from <= endUs), marks.filter((mark) => mark.atUs <= endUs), 0, endUs, foldShare), [spans, marks, endUs]);
  const place = useApp((state) => placeOf(ruler, state.playheadUs));
  const text = useApp((state) => clockText(state.playheadUs));
  const { scrub } = useActions();
  const goTo = (event: PointerEvent<HTMLDivElement>): void => {
    const box = event.currentTarget.getBoundingClientRect();
    scrub(momentAt(ruler, Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))));
  };
  return (
    <div className={css.line} onPointerDown={(event) => { event.currentTarget.setPointerCapture(event.pointerId); goTo(event); }} onPointerMove={(event) => { if (event.currentTarget.hasPointerCapture(event.pointerId)) goTo(event); }}>
      <input type="range" className={css.range} min={0} max={1000} step={1} value={Math.round(place * 1000)} aria-label="Time" aria-valuetext={text} onChange={(event) => scrub(momentAt(ruler, Number(event.target.value) / 1000))} />
      <span className={css.rail}><span className={css.played} style={{ width: `${place * 100}%` }} /></span>
      {marks.filter((mark) => mark.atUs <= endUs).map((mark, index) => <span key={index} className={classes(css.mark, css[mark.kind])} style={{ left: `${placeOf(ruler, mark.atUs) * 100}%` }} />)}
      <span className={css.knob} style={{ left: `${place * 100}%` }} />
    </div>
  );
}
