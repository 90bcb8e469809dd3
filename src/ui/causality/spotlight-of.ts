import type { CausalityAnswer } from '../../session/port/causality.ts';
import type { Spotlight } from '../../store/state.ts';

/** What a chain lights on the stage: the components it passes, the objects it is about, its messages. */
export function spotlightOf(answer: CausalityAnswer): Spotlight {
  const { spans, recordId } = answer;
  const keys = new Set<string>();
  for (const { from, to, about, what } of spans) {
    if (what !== 'command') keys.add(`component/${from}`).add(`component/${to}`);
    if (about !== undefined) keys.add(about);
  }
  const asked = spans.find(({ id }) => id === recordId)!;
  const begins = recordId === spans[0]!.id;
  return {
    title: begins ? `what came of “${asked.title}”` : `what led to “${asked.title}” and what came of it`, keys,
    records: new Set(spans.filter(({ what }) => what === 'message').map(({ id }) => id)),
    of: { selection: { type: 'record', recordId, chainOf: recordId }, fromUs: spans[0]!.atUs },
  };
}
