import { memo, useEffect, useMemo, useRef } from 'react';
import type { LogLine } from '../../session/port/protocol.ts';
import { clockText } from '../../store/words.ts';
import { Button, classes, Hidden } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import css from './story-log.module.css';

/** More than one can see at once is only of use to whoever stops to read. */
const [shownPlaying, shownPaused, shownFiltered] = [24, 60, 300];

/** What is happening, in sentences: the same story as the picture's, each line a door to its record. */
export function StoryLog() {
  const log = useApp((state) => state.log);
  const count = useApp((state) => state.logCount);
  const shown = useApp((state) => (state.playing ? shownPlaying : state.view.logFilter === null ? shownPaused : shownFiltered));
  const only = useApp((state) => state.view.logFilter);
  const filter = useApp((state) => state.view.filter);
  const lines = useMemo(() => (only === null ? log.slice(Math.max(0, count - shown), count) : log.slice(0, count).filter(only).slice(-shown)), [log, count, shown, only]);
  const newest = lines.at(-1);
  const { look } = useActions();
  return (
    <section className={css.panel} aria-label="What is happening">
      <h2>What is happening</h2>
      {only !== null && <p className={css.only}><span>Only about <b>{filter}</b></span><Button look="link" onClick={() => look({ filter: '' })}>Show all</Button></p>}
      {lines.length === 0 && <p className={css.none}>{only === null ? 'Nothing has been said yet.' : 'Nothing has been said about it yet.'}</p>}
      <div className={css.scroll}>
        <ol>{lines.map((line) => <Line key={line.id} line={line} newest={line === newest} />)}</ol>
      </div>
      <LiveRegion text={newest?.text ?? ''} />
    </section>
  );
}

const Line = memo(function Line({ line, newest }: { readonly line: LogLine; readonly newest: boolean }) {
  const { select, pause } = useActions();
  return (
    <li>
      <button type="button" className={classes(css.line, css[line.kind], !line.ok && css.bad, newest && css.newest)} aria-current={newest ? 'step' : undefined}
        // Opening a line pauses: one reads at one's own pace.
        onClick={() => { pause(); select({ type: 'record', recordId: line.recordId }, true); }}>
        <span>{line.text}</span>
        <time>{clockText(line.atUs)}</time>
      </button>
    </li>
  );
});

/** Says the newest sentence to those who listen, not more often than one can hear. */
function LiveRegion({ text }: { readonly text: string }) {
  const region = useRef<HTMLOutputElement>(null);
  const last = useRef(-Infinity);
  useEffect(() => {
    const now = performance.now();
    const wait = Math.max(0, 2500 - (now - last.current));
    const later = setTimeout(() => {
      last.current = performance.now();
      if (region.current !== null) region.current.textContent = text;
    }, wait);
    return () => clearTimeout(later);
  }, [text]);
  return <Hidden><output ref={region} aria-live="polite" /></Hidden>;
}
