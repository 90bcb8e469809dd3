import type { CausalSpan } from '../port/causality.ts';
import type { RecordView } from '../port/protocol.ts';

/** A timer that fired again and again (a controller that looks every five seconds) is one thing to tell. */
const told = <T extends { readonly title: string; readonly sentence: string }>(last: T, times: number): T => ({ ...last, title: `${last.title} ×${times}`, sentence: `${last.sentence} ${times} times in a row` });

const isSame = (a: Pick<RecordView, 'what' | 'from' | 'title'>, b: Pick<RecordView, 'what' | 'from' | 'title'>): boolean => a.what === 'timer' && b.what === 'timer' && a.from === b.from && a.title === b.title;

/** Folds timers of which nothing came but that they were set anew into the one that followed; the record asked about stays itself. */
export function foldSpans(spans: readonly CausalSpan[], recordId: number): readonly CausalSpan[] {
  const children = new Map<number, number>();
  for (const { parentId } of spans) children.set(parentId, (children.get(parentId) ?? 0) + 1);
  /** By the id of the last of a run: how it began, and how many there were. */
  const runs = new Map<number, { readonly first: CausalSpan; readonly times: number }>();
  const kept = new Map<number, CausalSpan>();
  for (const span of spans) {
    const before = kept.get(span.parentId);
    kept.set(span.id, span);
    if (before === undefined || before.id === recordId || children.get(before.id) !== 1 || !isSame(before, span)) continue;
    const run = runs.get(before.id) ?? { first: before, times: 1 };
    runs.delete(before.id);
    kept.delete(before.id);
    runs.set(span.id, { first: run.first, times: run.times + 1 });
  }
  return [...kept.values()].map((span) => {
    const run = runs.get(span.id);
    return run === undefined ? span : { ...told(span, run.times), parentId: run.first.parentId, atUs: run.first.atUs };
  });
}

/** The same for a list of causes, nearest first. */
export function foldCauses(causes: readonly RecordView[]): readonly RecordView[] {
  const folded: RecordView[] = [];
  for (let at = 0; at < causes.length;) {
    let next = at + 1;
    while (next < causes.length && isSame(causes[at]!, causes[next]!)) next += 1;
    folded.push(next === at + 1 ? causes[at]! : told(causes[at]!, next - at));
    at = next;
  }
  return folded;
}
