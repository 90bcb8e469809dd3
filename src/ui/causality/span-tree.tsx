import { memo, useEffect, useMemo, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import type { CausalSpan } from '../../session/port/causality.ts';
import { clockText, durationText } from '../../store/words.ts';
import { classes } from '../design/parts.tsx';
import css from './causality.module.css';
import { treeOf } from './span-walk.ts';

/** A deep chain is not pushed out of sight. */
const deepestShown = 9;

function reveal(list: HTMLElement, item: HTMLElement): void {
  const [box, row] = [list.getBoundingClientRect(), item.getBoundingClientRect()];
  if (row.top < box.top) list.scrollTop -= box.top - row.top + row.height;
  else if (row.bottom > box.bottom) list.scrollTop += row.bottom - box.bottom + row.height;
}

/** The same as a list: what was caused stands below what caused it. One tab stop; the arrows go on from it. */
export function SpanTree({ spans, picked, onPick }: { readonly spans: readonly CausalSpan[]; readonly picked: number; readonly onPick: (id: number) => void }) {
  const rows = useMemo(() => treeOf(spans), [spans]);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const item = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    // Only the list is scrolled, never the page around it.
    if (item !== null && item !== undefined && list.current !== null) reveal(list.current, item);
    if (list.current?.contains(document.activeElement) === true) item?.focus({ preventScroll: true });
  }, [picked, rows]);
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const next = step === undefined ? undefined : rows[rows.findIndex(({ span }) => span.id === picked) + step];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onPick(next.span.id);
  };
  return (
    <div ref={list} className={css.tree} role="tree" aria-label="Causes and effects" onKeyDown={onKey} tabIndex={-1}>
      {rows.map(({ span, level }) => <Row key={span.id} span={span} level={level} selected={span.id === picked} onPick={onPick} />)}
    </div>
  );
}

const Row = memo(function Row({ span, level, selected, onPick }: { readonly span: CausalSpan; readonly level: number; readonly selected: boolean; readonly onPick: (id: number) => void }) {
  const lasts = span.endUs - span.atUs;
  return (
    <button
      type="button" role="treeitem" aria-level={level} aria-selected={selected} tabIndex={selected ? 0 : -1} className={classes(css.row, css[span.kind])}
      style={{ '--depth': Math.min(deepestShown, level - 1) } as React.CSSProperties} onClick={() => onPick(span.id)}
    >
      <span>{span.sentence}{span.ok ? '' : ' — failed'} <small>{span.title}</small></span>
      <time>{clockText(span.atUs)}{lasts > 0 && ` +${durationText(lasts)}`}</time>
    </button>
  );
});
