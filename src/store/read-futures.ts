import { isProblem, readRecording } from '../session/port/read-recording.ts';
import { mostFutures } from './futures.ts';
import type { Future, Futures } from './futures.ts';

const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0;

/** Reads futures that were kept; undefined for what is no proper tree of them. */
export function readFutures(value: unknown): Futures | undefined {
  const { currentId, all } = (value ?? {}) as { currentId?: unknown; all?: unknown };
  if (!Array.isArray(all) || all.length === 0 || all.length > mostFutures) return undefined;
  const futures = all.map(readFuture);
  if (!futures.every((future) => future !== undefined)) return undefined;
  const ids = new Set(futures.map(({ id }) => id));
  const grows = futures.every(({ id, parentId }, index) => parentId === null || (parentId !== id && futures.slice(0, index).some((older) => older.id === parentId)));
  if (ids.size !== futures.length || !grows || !isMoment(currentId) || !ids.has(currentId)) return undefined;
  return { currentId, all: futures };
}

function readFuture(value: unknown): Future | undefined {
  const { id, name, parentId, atUs, seenUs, recording } = (value ?? {}) as Record<string, unknown>;
  const read = readRecording(recording);
  if (isProblem(read) || !isMoment(id) || typeof name !== 'string' || name.length > 600 || !isMoment(atUs) || !isMoment(seenUs) || (parentId !== null && !isMoment(parentId))) return undefined;
  return { id, name, parentId, atUs, seenUs, recording: read };
}
