import type { CausalSpan } from '../../session/port/causality.ts';

/** A stretch of the axis between two moments at which something begins or ends. */
export interface AxisPart { readonly fromUs: number; readonly toUs: number; readonly left: number; readonly width: number; /** So long that it is not drawn to scale: the axis says how long it is. */ readonly folded: boolean }

/** Where a span is drawn: pixels along the axis, and the row in its lane. */
export interface PlacedSpan { readonly span: CausalSpan; readonly left: number; readonly width: number; readonly row: number }

/** All that one component did. */
export interface Lane { readonly address: string; readonly top: number; readonly rows: number; readonly spans: readonly PlacedSpan[] }

export interface Waterfall { readonly parts: readonly AxisPart[]; readonly lanes: readonly Lane[]; readonly width: number; readonly height: number }

export const rowHeight = 16;
export const axisHeight = 26;
const lanePadding = 6;
/** What is shorter can not be hit. */
export const shortest = 5;
const foldUs = 200_000;
const foldWidth = 56;

/**
 * Lays spans out: one lane per component in the order in which they come into play, time from left to right. Short stretches get
 * room by the logarithm of their length, so that a step of a few µs and a pull of a second can both be pointed at; where nothing
 * begins or ends for long, the axis is folded.
 */
export function layWaterfall(spans: readonly CausalSpan[], leastWidth: number): Waterfall {
  const moments = [...new Set(spans.flatMap(({ atUs, endUs }) => [atUs, endUs]))].sort((a, b) => a - b);
  const gaps = moments.slice(1).map((toUs, index) => ({ fromUs: moments[index]!, toUs, folded: toUs - moments[index]! > foldUs }));
  const weightOf = ({ fromUs, toUs }: { readonly fromUs: number; readonly toUs: number }): number => 1 + Math.log2(1 + (toUs - fromUs) / 100);
  const folds = gaps.filter(({ folded }) => folded).length;
  const weight = gaps.reduce((sum, gap) => sum + (gap.folded ? 0 : weightOf(gap)), 0);
  const width = Math.max(leastWidth, Math.ceil(weight * 1.6) + folds * foldWidth + 2 * shortest);
  const unit = weight === 0 ? 0 : (width - 2 * shortest - folds * foldWidth) / weight;
  let left = 0;
  const parts = gaps.map((gap): AxisPart => {
    const part = { ...gap, left, width: gap.folded ? foldWidth : weightOf(gap) * unit };
    left += part.width;
    return part;
  });
  return { parts, width, ...layLanes(spans, parts) };
}

/** Where a moment is on the axis, in pixels; what lies beyond an end is at that end. */
export function placeOf(parts: readonly AxisPart[], atUs: number): number {
  const first = parts[0];
  if (first === undefined || atUs <= first.fromUs) return 0;
  for (const part of parts) if (atUs <= part.toUs) return part.left + (part.width * (atUs - part.fromUs)) / (part.toUs - part.fromUs);
  const last = parts.at(-1)!;
  return last.left + last.width;
}

function layLanes(spans: readonly CausalSpan[], parts: readonly AxisPart[]): Pick<Waterfall, 'lanes' | 'height'> {
  const known = new Map<string, { spans: PlacedSpan[]; ends: number[] }>();
  const leftOf = new Map<number, number>();
  for (const part of parts) leftOf.set(part.fromUs, part.left).set(part.toUs, part.left + part.width);
  for (const span of [...spans].sort((a, b) => a.atUs - b.atUs || a.id - b.id)) {
    let lane = known.get(span.from);
    if (lane === undefined) known.set(span.from, lane = { spans: [], ends: [] });
    const left = leftOf.get(span.atUs) ?? 0;
    const width = Math.max(shortest, (leftOf.get(span.endUs) ?? 0) - left);
    let row = lane.ends.findIndex((end) => end <= left);
    if (row < 0) row = lane.ends.length;
    lane.ends[row] = left + width + 1;
    lane.spans.push({ span, left, width, row });
  }
  let top = axisHeight;
  const lanes = [...known].map(([address, lane]): Lane => {
    const placed = { address, top, rows: lane.ends.length, spans: lane.spans };
    top += lane.ends.length * rowHeight + 2 * lanePadding;
    return placed;
  });
  return { lanes, height: top };
}

export const topOf = (lane: Lane, placed: PlacedSpan): number => lane.top + lanePadding + placed.row * rowHeight;
