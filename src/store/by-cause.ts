import type { CausalSpan } from '../session/port/causality.ts';

/** Where a step along the chain of causes leads: the record, and the moment to look at it. */
export interface CauseStep { readonly recordId: number; readonly atUs: number }

/** Messages and what the user did can be looked at on the stage; notes and timers lie between them. */
const isVisible = (span: CausalSpan): boolean => span.what === 'message' || span.what === 'command';

const stepTo = (span: CausalSpan): CauseStep => ({ recordId: span.id, atUs: span.atUs });

/** To what led to the record: the nearest cause that can be seen, else the one where it all began. */
export function towardsCause(spans: readonly CausalSpan[], recordId: number): CauseStep | undefined {
  const byId = new Map(spans.map((span) => [span.id, span]));
  let found: CausalSpan | undefined;
  for (let at = byId.get(byId.get(recordId)?.parentId ?? -1); at !== undefined; at = byId.get(at.parentId)) {
    found = at;
    if (isVisible(at)) break;
  }
  return found && stepTo(found);
}

/**
 * To what the record led to: of several messages the one of which most came, so that the walk follows the story and does not end with
 * the first short answer. `preferred` is the way that was come.
 */
export function towardsEffect(spans: readonly CausalSpan[], recordId: number, preferred?: number): CauseStep | undefined {
  const weights = new Map<number, number>();
  for (const span of [...spans].reverse()) weights.set(span.parentId, (weights.get(span.parentId) ?? 0) + 1 + (weights.get(span.id) ?? 0));
  const next = effectsOf(spans, recordId);
  const came = next.find(({ id }) => id === preferred);
  const best = came ?? next.reduce<CausalSpan | undefined>((most, each) => (most === undefined || (weights.get(each.id) ?? 0) > (weights.get(most.id) ?? 0) ? each : most), undefined);
  return best && stepTo(best);
}

/** The nearest visible spans below the record. */
function effectsOf(spans: readonly CausalSpan[], recordId: number): readonly CausalSpan[] {
  const through = new Set([recordId]);
  const found: CausalSpan[] = [];
  for (const span of spans) {
    if (span.id <= recordId || !through.has(span.parentId)) continue;
    if (isVisible(span)) found.push(span);
    else through.add(span.id);
  }
  return found;
}
