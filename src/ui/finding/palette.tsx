import { useEffect, useId, useMemo, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { countText, findAll } from '../../store/finding/search-matches.ts';
import { findInMass } from '../../store/finding/mass-matches.ts';
import { isEmpty, parseSearch } from '../../store/finding/search-query.ts';
import type { AppState } from '../../store/state.ts';
import { pageActions } from '../actions/index.ts';
import { keyText } from '../actions/key-text.ts';
import { classes } from '../design/parts.tsx';
import { useSession } from '../shell/app-store.ts';
import { allEntries, answersTo } from './entries.ts';
import type { Answers, Entry } from './entries.ts';
import css from './finding.module.css';
import { massEntries } from './mass-entries.ts';
import { useDialog } from './use-dialog.ts';

/** The offer to light what matches: first where the text is a query with fields or labels, else last. */
function lightEntry(text: string, { rows, mass }: Pick<AppState, 'rows' | 'mass'>): { readonly entry: Entry; readonly first: boolean } | undefined {
  const parsed = parseSearch(text);
  if (!('query' in parsed) || isEmpty(parsed.query)) return undefined;
  const { fields, labels } = parsed.query;
  const first = labels.length > 0 || Object.keys(fields).length > 0;
  const found = mass === null ? findAll(parsed.query, rows) : findInMass(parsed.query, mass.table);
  if (found.onStage + found.elsewhere === 0 && !first) return undefined;
  return {
    first,
    entry: {
      id: 'light', sort: 'Light', title: `Only what matches “${parsed.query.text}”`, detail: countText(found), text: '', weight: 0,
      run: ({ act }) => act.look({ filter: parsed.query.text, panel: 'stage' }),
    },
  };
}

function useAnswers(text: string): Answers {
  const session = useSession();
  const [state] = useState(() => session.getState());
  const all = useMemo(() => allEntries(state, pageActions, keyText), [state]);
  return useMemo(() => {
    const { entries, count } = answersTo(text, all);
    const tiles = state.mass === null ? [] : massEntries(text, state.mass.table);
    const answers = { entries: [...tiles, ...entries], count: count + tiles.length };
    const light = lightEntry(text, state);
    if (light === undefined) return answers;
    return { count: answers.count + 1, entries: light.first ? [light.entry, ...answers.entries] : [...answers.entries, light.entry] };
  }, [text, all, state]);
}

/** One input that finds everything there is, and what can be done to it. */
export default function Palette() {
  const session = useSession();
  const { dialog, close } = useDialog(() => session.act.look({ palette: false }));
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const answers = useAnswers(text);
  const id = useId();
  const { entries } = answers;
  const chosen = Math.min(at, entries.length - 1);
  useEffect(() => { document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' }); }, [id, chosen, entries]);
  const choose = (entry: Entry | undefined): void => {
    if (entry === undefined) return;
    close();
    entry.run(session);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const page = 8;
    const to: Readonly<Record<string, number>> = {
      ArrowDown: chosen === entries.length - 1 ? 0 : chosen + 1, ArrowUp: chosen <= 0 ? entries.length - 1 : chosen - 1,
      PageDown: Math.min(entries.length - 1, chosen + page), PageUp: Math.max(0, chosen - page),
    };
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) { event.preventDefault(); return choose(entries[chosen]); }
    const next = to[event.key];
    if (next === undefined) return undefined;
    event.preventDefault();
    return setAt(Math.max(0, next));
  };
  return (
    <dialog {...dialog} className={css.palette} aria-label="Search">
      <div className={css.paletteIn}>
        <input
          type="text" role="combobox" className={css.input} aria-label="Search things, actions, moments and the log" placeholder="web, delete pod, kind:pod status:pending…" value={text}
          aria-expanded={entries.length > 0} aria-controls={`${id}-list`} aria-autocomplete="list" {...(chosen >= 0 ? { 'aria-activedescendant': `${id}-${chosen}` } : {})}
          autoComplete="off" autoCapitalize="none" spellCheck={false} onChange={(event) => { setText(event.target.value); setAt(0); }} onKeyDown={onKeyDown}
        />
        <button type="button" className={css.close} onClick={close}>Close</button>
      </div>
      <Options id={id} entries={entries} chosen={chosen} onChoose={choose} />
      <output className={css.count} aria-live="polite">{foundText(answers)}</output>
    </dialog>
  );
}

interface OptionsProps { readonly id: string; readonly entries: readonly Entry[]; readonly chosen: number; readonly onChoose: (entry: Entry) => void }

/* oxlint-disable jsx-a11y/no-noninteractive-element-to-interactive-role, jsx-a11y/prefer-tag-over-role, jsx-a11y/click-events-have-key-events -- the list of a combobox, which no tag of its own makes; its keys are the input's */
const Options = ({ id, entries, chosen, onChoose }: OptionsProps) => (
  <ul id={`${id}-list`} role="listbox" aria-label="Found" className={css.list}>
    {entries.map((entry, index) => (
      <li key={entry.id} id={`${id}-${index}`} role="option" aria-selected={index === chosen} className={css.option} onMouseDown={(event) => event.preventDefault()} onClick={() => onChoose(entry)}>
        <span className={css.sort}>{entry.sort}</span>
        <span className={classes(css.title, entry.danger === true && css.danger)}>{entry.title}</span>
        {entry.detail !== '' && <span className={css.detail}>{entry.detail}</span>}
        {entry.keys !== undefined && <kbd>{entry.keys}</kbd>}
      </li>
    ))}
  </ul>
);
/* oxlint-enable */

const foundText = ({ entries, count }: Answers): string => (count === 0 ? 'Nothing is called that. Fewer letters find more.' : count > entries.length ? `${count} found, the best ${entries.length} are shown` : `${count} found`);
