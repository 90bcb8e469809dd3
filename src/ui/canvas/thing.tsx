import type { CSSProperties, ReactNode } from 'react';
import { useCallback } from 'react';
import { thingOf } from '../../store/selected-key.ts';
import type { Selection } from '../../store/state.ts';
import { classes } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import css from './stage.module.css';

interface ThingProps {
  /** Unique on the stage: the row's key. */
  readonly id: string;
  readonly selection: Selection;
  /** All one needs to know of it, for those who do not see it. */
  readonly label: string;
  readonly className?: string;
  readonly style?: CSSProperties;
  /** Its details open at once: there is nothing else to do with it. */
  readonly opens?: boolean;
  /** Whether it is lit while a part of the stage is, where its key does not tell. */
  readonly lit?: boolean;
  readonly children?: ReactNode;
}

/** Something on the stage that can be clicked, reached with the arrow keys and acted upon. */
export function Thing({ id, selection, label, className, style, opens, lit, children }: ThingProps) {
  const selected = useApp((state) => thingOf(state.selection) === id);
  const dimmed = useApp((state) => state.view.spotlight !== null && !(lit ?? state.view.spotlight.keys.has(id)));
  const outlined = useApp((state) => state.view.outlined?.has(id) === true);
  const { select } = useActions();
  const choose = useCallback(() => select(selected ? null : selection, opens), [select, selected, selection, opens]);
  return (
    <div
      // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role -- a node holds headings, bars and notes, which a <button> may not
      role="button" tabIndex={-1} data-thing={id} aria-label={label} aria-pressed={selected} title={label}
      className={classes(css.thing, selected && css.selected, dimmed && css.dimmed, outlined && css.outlined, className)} style={style}
      // The pointer leaves the keyboard's place alone, so that the arrow keys go on stepping through time.
      onMouseDown={(event) => event.preventDefault()}
      onClick={(event) => { event.stopPropagation(); choose(); }}
      onKeyDown={(event) => { if (event.key === 'Enter') { event.preventDefault(); event.stopPropagation(); select(selection, opens); requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-actions] button')?.focus()); } }}
    >
      {children}
    </div>
  );
}
