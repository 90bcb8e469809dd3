import type { LogLine } from '../../session/port/protocol.ts';
import type { Row } from '../../session/port/rows.ts';
import type { Rows } from '../known-window.ts';
import { isOnStage } from '../stored-objects.ts';
import { isEmpty } from './search-query.ts';
import type { Field, SearchQuery } from './search-query.ts';

/** A row that can be found: an API object, or a running program. */
export type Findable = Exclude<Row, { readonly type: 'host' | 'truth' }>;
export const isFindable = (row: Row): row is Findable => row.type !== 'host' && row.type !== 'truth';

const readiness = { True: 'ready', False: 'notready', Unknown: 'notready unknown' } as const;

/** What a thing is said to be, lower-cased: kubectl's STATUS for Pods and nodes, and what stands on the stage for the rest. */
export function statusesOf(row: Findable, rows: Rows): readonly string[] {
  const leaving = row.type !== 'component' && row.deleting ? ['terminating'] : [];
  switch (row.type) {
    case 'component': return [row.running ? 'running' : 'stopped', ...row.states.map((state) => state.toLowerCase())];
    case 'pod': return [row.status.toLowerCase(), row.phase.toLowerCase(), row.ready ? 'ready' : 'notready', ...leaving];
    case 'node': {
      const host = rows[`host/${row.name}`];
      const machine = host?.type !== 'host' ? [] : [...(host.powered ? [] : ['off']), ...(host.partitioned ? ['cut'] : []), ...(host.slowUs > 0 ? ['slow'] : [])];
      return [...readiness[row.ready].split(' '), ...(row.unschedulable ? ['schedulingdisabled', 'cordoned'] : []), ...machine, ...leaving];
    }
    case 'workload': return [`${row.ready}/${row.desired}`, row.ready === row.desired && row.current === row.desired ? 'ready' : 'notready', ...leaving];
    case 'job': return [row.state.toLowerCase(), `${row.succeeded}/${row.wanted}`, ...leaving];
    case 'cron-job': return [...(row.suspended ? ['suspended'] : []), ...leaving];
    case 'namespace': return [row.phase.toLowerCase(), ...leaving];
    default: return leaving;
  }
}

const nodeOf = (row: Findable): string => (row.type === 'pod' ? row.node : row.type === 'node' ? row.name : row.type === 'component' ? row.host : '');

/** Names and namespaces and nodes: the whole, or a pattern with `*`. */
export const fits = (value: string, pattern: string): boolean =>
  pattern.includes('*') ? new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(value) : value === pattern;

const tests: Readonly<Record<Field, (row: Findable, wanted: string, rows: Rows) => boolean>> = {
  kind: (row, wanted) => (row.type === 'component' ? 'component' : row.kind.toLowerCase()) === wanted,
  namespace: (row, wanted) => row.type !== 'component' && fits(row.namespace, wanted),
  node: (row, wanted) => fits(nodeOf(row), wanted),
  // The two that one knows only the beginning or a piece of.
  name: (row, wanted) => (wanted.includes('*') ? fits(row.name, wanted) : row.name.includes(wanted)),
  status: (row, wanted, rows) => statusesOf(row, rows).some((status) => (wanted.includes('*') ? fits(status, wanted) : status.startsWith(wanted))),
};

/** What a thing says of itself, for free text. */
export function wordsOf(row: Findable): string {
  if (row.type === 'component') return `${row.name} ${row.title} ${row.host} ${row.line} component`.toLowerCase();
  const more = row.type === 'pod' ? [row.node, row.status, row.ip, row.message, ...row.containers.flatMap((container) => [container.name, container.image, container.reason])]
    : row.type === 'service' ? [row.clusterIP, row.serviceType] : row.type === 'node' ? row.taints : [];
  return [row.kind, row.namespace, row.name, ...Object.entries(row.labels).map(([key, value]) => `${key}=${value}`), ...more].join(' ').toLowerCase();
}

/** True when all parts of the query hold for the thing. */
export function matches(query: SearchQuery, row: Findable, rows: Rows): boolean {
  for (const field in query.fields) {
    const alternatives = query.fields[field as Field]!;
    if (!alternatives.every((values) => values.some((value) => tests[field as Field](row, value, rows)))) return false;
  }
  if (query.labels.length > 0 && (row.type === 'component' || !query.labels.every((selector) => selector.matches(row.labels)))) return false;
  if (query.words.length === 0) return true;
  const words = wordsOf(row);
  return query.words.every((word) => words.includes(word));
}

export interface Found {
  /** Keys of the rows that match. */
  readonly keys: ReadonlySet<string>;
  /** How many of them, and how many things in all, are drawn on the stage. */
  readonly onStage: number;
  readonly ofStage: number;
  /** Matches that are stored and have no place on the stage. */
  readonly elsewhere: number;
}

/** All that match at one moment. */
export function findAll(query: SearchQuery, rows: Rows): Found {
  const keys = new Set<string>();
  let [onStage, ofStage, elsewhere] = [0, 0, 0];
  for (const key in rows) {
    const row = rows[key]!;
    if (!isFindable(row)) continue;
    const drawn = row.type === 'component' || isOnStage(row);
    if (drawn) ofStage += 1;
    if (!matches(query, row, rows)) continue;
    keys.add(key);
    if (drawn) onStage += 1;
    else elsewhere += 1;
  }
  return { keys, onStage, ofStage, elsewhere };
}

/** The count in words: “4 of 23 things”. */
export const countText = ({ onStage, ofStage, elsewhere }: Found): string => `${onStage} of ${ofStage} things${elsewhere > 0 ? `, ${elsewhere} stored` : ''}`;

const nameLike = /[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?/g;

/** Which lines of the log belong to what was found: those that have the words, and those that name one of the things. */
export function lineTest(query: SearchQuery, found: Found, rows: Rows): (line: LogLine) => boolean {
  if (isEmpty(query)) return () => true;
  const onlyWords = query.labels.length === 0 && Object.keys(query.fields).length === 0;
  const names = new Set<string>();
  const programs: string[] = [];
  for (const key of found.keys) {
    const row = rows[key]! as Findable;
    if (row.type === 'component') programs.push(row.where === 'node' ? `${row.name} on ${row.host}` : row.name);
    else names.add(row.name.toLowerCase());
  }
  return (line) => {
    const text = line.text.toLowerCase();
    if (onlyWords && query.words.every((word) => text.includes(word))) return true;
    return (text.match(nameLike) ?? []).some((name) => names.has(name)) || programs.some((program) => text.includes(program));
  };
}
