/** What columns are made of. Models pkg/printers/internalversion/printers.go. */
import type { KubeObject } from '../api/index.ts';
import { humanDuration, parseTime } from '../apimachinery/time.ts';

export type Cell = string | number;
export interface Column {
  readonly name: string;
  readonly type: 'string' | 'integer';
  /** 0: always shown; 1: with `-o wide`. */
  readonly priority: 0 | 1;
  readonly of: (object: never, nowUs: number) => Cell;
}

export const text = <T>(name: string, of: (object: T, nowUs: number) => string, priority: 0 | 1 = 0): Column => ({ name, type: 'string', priority, of: of as Column['of'] });
export const count = <T>(name: string, of: (object: T) => number): Column => ({ name, type: 'integer', priority: 0, of: of as Column['of'] });
export const wide = <T>(name: string, of: (object: T, nowUs: number) => string): Column => text(name, of, 1);

export const none = '<none>';
export const joined = (items: readonly string[]): string => (items.length === 0 ? none : items.join(','));

/** Models printers.go: translateTimestampSince. */
export const since = (time: string | null | undefined, nowUs: number): string => {
  const at = parseTime(time);
  return at === undefined ? '<unknown>' : humanDuration(nowUs - at);
};

export const name = text<KubeObject>('Name', ({ metadata }) => metadata.name);
export const age = text<KubeObject>('Age', ({ metadata }, nowUs) => since(metadata.creationTimestamp, nowUs));
