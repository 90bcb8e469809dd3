import type { CausalSpan } from '../../session/port/causality.ts';

/** Spans as a tree, flattened in the order in which a list tells it. */
export interface TreeRow { readonly span: CausalSpan; readonly level: number; readonly children: number }

export function treeOf(spans: readonly CausalSpan[]): readonly TreeRow[] {
  const children = new Map<number, CausalSpan[]>();
  for (const span of spans) {
    const beside = children.get(span.parentId);
    if (beside === undefined) children.set(span.parentId, [span]);
    else beside.push(span);
  }
  const rows: TreeRow[] = [];
  // A chain of causes may be longer than a stack is deep.
  const due = (children.get(-1) ?? []).map((span) => ({ span, level: 1 })).reverse();
  for (let next = due.pop(); next !== undefined; next = due.pop()) {
    const below = children.get(next.span.id) ?? [];
    rows.push({ ...next, children: below.length });
    for (const span of [...below].reverse()) due.push({ span, level: next.level + 1 });
  }
  return rows;
}

/** Where an arrow key leads: left and right in time, up to the cause, down to the first thing it caused. */
export function neighbourOf(spans: readonly CausalSpan[], id: number, key: string): CausalSpan | undefined {
  const index = spans.findIndex((span) => span.id === id);
  switch (key) {
    case 'ArrowLeft': return spans[index - 1];
    case 'ArrowRight': return spans[index + 1];
    case 'ArrowUp': return spans.find((span) => span.id === spans[index]?.parentId);
    case 'ArrowDown': return spans.find((span) => span.parentId === id);
    case 'Home': return spans[0];
    case 'End': return spans.at(-1);
    default: return undefined;
  }
}

/** From a span back to where it began: the ids of its causes and its own. */
export function lineOf(spans: readonly CausalSpan[], id: number): ReadonlySet<number> {
  const byId = new Map(spans.map((span) => [span.id, span]));
  const line = new Set<number>();
  for (let at = byId.get(id); at !== undefined; at = byId.get(at.parentId)) line.add(at.id);
  return line;
}
