import { useEffect, useId, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { parseSearch } from '../../store/finding/search-query.ts';
import { Button } from '../design/parts.tsx';
import { useActions, useApp } from '../shell/app-store.ts';
import css from './finding.module.css';

/** Where one writes what to light, while the stage already follows. Enter keeps it, Escape lights everything again. */
export function FindBar() {
  const { look } = useActions();
  const filter = useApp((state) => state.view.filter);
  const count = useApp((state) => (state.view.logFilter === null ? '' : state.view.spotlight?.title.replace(/^.* · /, '') ?? ''));
  const input = useRef<HTMLInputElement>(null);
  const before = useRef<Element | null>(null);
  const id = useId();
  useEffect(() => {
    before.current = document.activeElement;
    input.current?.focus();
    input.current?.select();
    return () => { if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus({ preventScroll: true }); };
  }, []);
  const parsed = parseSearch(filter);
  const problem = 'problem' in parsed ? parsed.problem : '';
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Escape') look({ finding: false, filter: '' });
    else if (event.key === 'Enter') look({ finding: false, ...(problem === '' ? {} : { filter: '' }) });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className={css.bar} aria-label="Light only what matches">
      <div className={css.barLine}>
        <input
          ref={input} type="text" aria-label="What to light" placeholder="kind:pod app=web status:pending" value={filter} autoComplete="off" autoCapitalize="none" spellCheck={false}
          aria-invalid={problem !== ''} aria-describedby={id} onChange={(event) => look({ filter: event.target.value })} onKeyDown={onKeyDown}
        />
        <output className={css.barCount} aria-live="polite">{count}</output>
        <Button look="quiet" onClick={() => look({ finding: false, filter: '' })}>Clear</Button>
        <Button look="quiet" aria-label="Close, and leave it lit" onClick={() => look({ finding: false })}>✕</Button>
      </div>
      <p id={id} className={css.problem} hidden={problem === ''}>{problem}</p>
    </search>
  );
}
