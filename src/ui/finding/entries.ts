import type { LogLine, Mark } from '../../session/port/protocol.ts';
import { isFindable } from '../../store/finding/search-matches.ts';
import type { Findable } from '../../store/finding/search-matches.ts';
import { scoreOf, typedWords } from '../../store/finding/rank.ts';
import type { Rows } from '../../store/known-window.ts';
import type { SessionStore } from '../../store/session-store.ts';
import type { AppState, Selection } from '../../store/state.ts';
import { clockText } from '../../store/words.ts';
import type { PageAction } from '../actions/page-action.ts';
import { offersFor, type Offer } from '../canvas/actions-for.ts';
import { reveal } from './reveal.ts';

/** One thing that can be chosen in the palette. */
export interface Entry {
  readonly id: string;
  /** What sort of thing it is, in a word or two: a kind, `Action`, `Moment`. */
  readonly sort: string;
  readonly title: string;
  readonly detail: string;
  readonly keys?: string;
  readonly danger?: boolean;
  /** What is searched, lower-cased; what counts most stands first. */
  readonly text: string;
  /** Among equals the higher one comes first. */
  readonly weight: number;
  run(session: SessionStore): void;
}

/** Among answers whose worst word is found equally well, what one can go to or do comes before what was said about it. */
const weights = { action: 430, thing: 420, offer: 400, moment: 390, told: 0 } as const;

/** The selection that stands for a row. */
export function selectionOf(key: string, row: Findable): Selection {
  if (row.type === 'component') return { type: 'component', address: row.address };
  const { apiVersion, kind, namespace, name } = row;
  return { type: 'object', key, apiVersion, kind, namespace, name };
}

const placeOf = (row: Findable): string => (row.type === 'component' && row.where === 'node' ? ` on ${row.host}` : '');

function detailOf(row: Findable): string {
  switch (row.type) {
    case 'component': return row.running ? row.line : 'stopped';
    case 'pod': return [row.namespace, row.status, row.node].filter(Boolean).join(' · ');
    case 'node': return row.ready === 'True' ? 'Ready' : 'NotReady';
    case 'workload': return `${row.namespace} · ${row.ready}/${row.desired}`;
    case 'job': return `${row.namespace} · ${row.succeeded}/${row.wanted} · ${row.state}`;
    case 'cron-job': return `${row.namespace} · ${row.schedule}`;
    case 'service': return `${row.namespace} · ${row.clusterIP}`;
    default: return row.namespace;
  }
}

function thingEntry(key: string, row: Findable): Entry {
  const sort = row.type === 'component' ? 'Component' : row.kind;
  const title = `${row.name}${placeOf(row)}`;
  const about = row.type === 'component' ? row.title : row.namespace;
  return { id: key, sort, title, detail: detailOf(row), text: `${title} ${sort} ${about}`.toLowerCase(), weight: weights.thing, run: (session) => reveal(session, selectionOf(key, row)) };
}

/** `Power off worker-1`, `Slow network of worker-1 by 2 s`, `Delete Pod web-1`, `Scale Deployment web to 4`. */
function sentenceOf({ label, command }: Offer, row: Findable): string {
  if ('node' in command) {
    const [, act, how] = /^(.* network)( by .+)?$/.exec(label) ?? [];
    return act === undefined ? `${label} ${command.node}` : `${act} of ${command.node}${how ?? ''}`;
  }
  if (row.type === 'component') return `${label}${placeOf(row)}`;
  const named = `${row.kind} ${row.name}`;
  const [, verb, figure] = /^(Scale) (to \d+)$/.exec(label) ?? [];
  return verb === undefined ? `${label} ${named}` : `${verb} ${named} ${figure!}`;
}

function offerEntries(key: string, row: Findable, rows: Rows): readonly Entry[] {
  return offersFor(selectionOf(key, row), rows).map((offer) => {
    const title = sentenceOf(offer, row);
    return {
      id: `${key} ${offer.label}`, sort: 'Do', title, detail: row.type === 'component' ? row.host : row.namespace, danger: offer.danger === true,
      text: `${title} ${row.type === 'node' ? 'node' : row.type === 'component' ? row.host : ''}`.toLowerCase(), weight: weights.offer, run: (session) => session.act.dispatch(offer.command),
    };
  });
}

const actionEntry = (action: PageAction, keyText: (keys: string) => string): Entry => ({
  id: `action ${action.id}`, sort: 'Action', title: action.title, detail: '', text: action.title.toLowerCase(), weight: weights.action,
  ...(action.keys?.[0] !== undefined && { keys: keyText(action.keys[0]) }), run: (session) => action.run(session),
});

const momentEntry = (mark: Mark, index: number): Entry => ({
  id: `moment ${index}`, sort: 'Moment', title: `To: ${mark.text}`, detail: clockText(mark.atUs), text: `to: ${mark.text}`.toLowerCase(), weight: weights.moment,
  run: ({ act }) => { act.pause(); act.scrub(mark.atUs); },
});

const toldEntry = (line: LogLine): Entry => ({
  id: `told ${line.id}`, sort: 'Log', title: line.text, detail: clockText(line.atUs), text: line.text.toLowerCase(), weight: weights.told,
  run: ({ act }) => { act.pause(); act.select({ type: 'record', recordId: line.recordId }, true); },
});

/** All that can be found at one moment. The list does not change while one chooses from it, though time goes on. */
export function allEntries(state: AppState, actions: readonly PageAction[], keyText: (keys: string) => string): readonly Entry[] {
  const things: Entry[] = [];
  const offers: Entry[] = [];
  for (const key in state.rows) {
    const row = state.rows[key]!;
    if (!isFindable(row)) continue;
    things.push(thingEntry(key, row));
    offers.push(...offerEntries(key, row, state.rows));
  }
  return [
    ...actions.filter((action) => action.id !== 'palette' && action.enabled?.(state) !== false).map((action) => actionEntry(action, keyText)),
    ...things, ...offers,
    ...state.marks.filter((mark) => mark.atUs <= state.seenUs + 1).map(momentEntry).reverse(),
    ...state.log.slice(0, state.logCount).map(toldEntry).reverse(),
  ];
}

export interface Answers { readonly entries: readonly Entry[]; /** How many match, shown or not. */ readonly count: number }

/** The best answers to what was typed; with nothing typed, what can be done to the page and the moments to go to. */
export function answersTo(text: string, all: readonly Entry[], most = 60): Answers {
  const words = typedWords(text);
  const scored: { readonly entry: Entry; readonly score: number; readonly place: number }[] = [];
  all.forEach((entry, place) => {
    if (words.length === 0) {
      if (entry.sort === 'Action' || entry.sort === 'Moment') scored.push({ entry, score: 0, place });
      return;
    }
    const score = scoreOf(words, entry.text);
    if (score > 0) scored.push({ entry, score: score + entry.weight, place });
  });
  scored.sort((a, b) => b.score - a.score || a.place - b.place);
  return { entries: scored.slice(0, most).map(({ entry }) => entry), count: scored.length };
}
