import type { Future, Futures } from '../../store/futures.ts';

/** A future that is not shown, where it leaves the one that is, and which line it has below the rail. */
export interface BranchLane { readonly future: Future; readonly partsUs: number; readonly lane: number }

/** There is room for so many lines; the others are found in the list. */
export const mostLanes = 3;

/** From the shown future up to the first. */
function ancestry({ all }: Futures, id: number): readonly Future[] {
  const line: Future[] = [];
  for (let at = all.find((future) => future.id === id); at !== undefined; at = all.find((future) => future.id === at!.parentId)) line.push(at);
  return line;
}

/** Where two futures of one tree part: below the nearest one that both come from. */
export function partingOf(futures: Futures, a: number, b: number): number {
  const [lineA, lineB] = [ancestry(futures, a), ancestry(futures, b)];
  const shared = lineA.find((future) => lineB.includes(future))!;
  const leaves = [lineA, lineB].map((line) => line[line.indexOf(shared) - 1]?.atUs ?? Infinity);
  return Math.min(...leaves);
}

/** The other futures as lines: the later one parts, the nearer it lies, so that no two cross. */
export function laneBranches(futures: Futures): readonly BranchLane[] {
  return futures.all.filter(({ id }) => id !== futures.currentId)
    .map((future) => ({ future, partsUs: partingOf(futures, futures.currentId, future.id) }))
    .sort((a, b) => b.partsUs - a.partsUs || b.future.id - a.future.id)
    .slice(0, mostLanes).map((branch, lane) => ({ ...branch, lane }));
}
