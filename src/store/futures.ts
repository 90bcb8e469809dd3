import type { Mark, Recording } from '../session/port/protocol.ts';
import { clockText } from './words.ts';

/** One of the ways the world may go. They form a tree: each but the first parts from another at some moment. */
export interface Future {
  readonly id: number;
  /** What was done in it; '' until something is. */
  readonly name: string;
  /** Of the one that is shown, the recording as it was when it was last left. */
  readonly recording: Recording;
  readonly parentId: number | null;
  /** Where it parts from its parent. */
  readonly atUs: number;
  /** How much of it has been seen. */
  readonly seenUs: number;
}

export interface Futures { readonly currentId: number; readonly all: readonly Future[] }

export const mostFutures = 8;

export const onlyFuture = (recording: Recording): Futures => ({ currentId: 1, all: [{ id: 1, name: '', recording, parentId: null, atUs: 0, seenUs: 0 }] });

export const currentFuture = ({ currentId, all }: Futures): Future => all.find(({ id }) => id === currentId)!;

/** What a future is called. */
export const futureName = (future: Future): string => (future.name !== '' ? future.name : future.parentId === null ? 'the first future' : `from ${clockText(future.atUs)}`);

/** What was done at that moment, as its mark says it. */
export const deedAt = (marks: readonly Mark[], atUs: number): string => marks.find((mark) => mark.atUs === atUs && mark.recordId !== undefined && (mark.kind === 'command' || mark.kind === 'fault' || mark.kind === 'healed'))?.text ?? '';

/** The futures that were kept with a recording; where that came from elsewhere, it is the only one. */
export const futuresOf = (recording: Recording, kept: Futures | undefined): Futures =>
  kept !== undefined && partsAt(currentFuture(kept).recording, recording) === Infinity ? kept : onlyFuture(recording);

/** Writes down how far the shown future has come. */
export function noteCurrent(futures: Futures, recording: Recording, seenUs: number): Futures {
  return { ...futures, all: futures.all.map((future) => (future.id === futures.currentId ? { ...future, recording, seenUs: Math.floor(seenUs) } : future)) };
}

export interface Parting {
  readonly atUs: number;
  /** What is left: it goes on as it was. */
  readonly left: { readonly recording: Recording; readonly seenUs: number; readonly marks: readonly Mark[] };
  /** What begins. */
  readonly begun: { readonly recording: Recording; readonly name: string };
}

/** A new future parts from the shown one and is shown instead; `dropped` is the one that had to make room. */
export function part(futures: Futures, { atUs, left, begun }: Parting): { readonly futures: Futures; readonly dropped: Future | undefined } {
  const noted = noteCurrent(futures, left.recording, left.seenUs);
  const next = left.recording.commands.find((command) => command.atUs > atUs);
  const named = noted.all.map((future) => (future.id === noted.currentId && future.name === '' && next !== undefined ? { ...future, name: deedAt(left.marks, next.atUs) } : future));
  const id = Math.max(...named.map((future) => future.id)) + 1;
  const all = [...named, { id, name: begun.name, recording: begun.recording, parentId: noted.currentId, atUs, seenUs: atUs }];
  const dropped = all.length > mostFutures ? all.find((future) => future.id !== noted.currentId && future.id !== id) : undefined;
  const grown: Futures = { currentId: id, all };
  return { futures: dropped === undefined ? grown : without(grown, dropped.id), dropped };
}

/** Something was done in the shown future: that is where a new one really parts, and what it is called. */
export function nameCurrent(futures: Futures, name: string, atUs: number): Futures {
  return { ...futures, all: futures.all.map((future) => (future.id === futures.currentId && future.name === '' && future.parentId !== null ? { ...future, name, atUs } : future)) };
}

/** Lets one go that is not shown. What had parted from it now parts from where it did, or, of the first one, from the next oldest. */
export function without(futures: Futures, id: number): Futures {
  const gone = futures.all.find((future) => future.id === id);
  if (gone === undefined || id === futures.currentId) return futures;
  const rest = futures.all.filter((future) => future.id !== id);
  const heir = gone.parentId ?? rest.find((future) => future.parentId === id)!.id;
  return {
    ...futures,
    all: rest.map((future) => (future.parentId !== id ? future : future.id === heir ? { ...future, parentId: null, atUs: 0 } : { ...future, parentId: heir, atUs: gone.parentId === null ? future.atUs : Math.min(future.atUs, gone.atUs) })),
  };
}

export function switched(futures: Futures, id: number): Futures {
  return futures.all.some((future) => future.id === id) ? { ...futures, currentId: id } : futures;
}

/** The moment up to which two recordings are one: where the first act is that only one of them has. */
export function partsAt(a: Recording, b: Recording): number {
  if (a.seed !== b.seed || a.topology !== b.topology) return 0;
  const index = a.commands.findIndex((command, place) => JSON.stringify(command) !== JSON.stringify(b.commands[place]));
  if (index < 0) return b.commands[a.commands.length]?.atUs ?? Infinity;
  return Math.min(a.commands[index]!.atUs, b.commands[index]?.atUs ?? Infinity);
}
