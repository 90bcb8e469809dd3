import type { Mark } from '../session/port/protocol.ts';

/** A stretch of the axis: shown to scale, or folded because nothing happens in it. */
export interface RulerPart { readonly fromUs: number; readonly toUs: number; readonly folded: boolean; readonly left: number; readonly width: number }

export interface Ruler { readonly parts: readonly RulerPart[]; readonly fromUs: number; readonly toUs: number }

/** Times at which something happened, as ascending, separate stretches. */
export type Spans = readonly (readonly [fromUs: number, toUs: number])[];

/** Quiet stretches longer than this are folded. */
const foldUs = 10_000_000;
/** Nearer than this, two pieces of news belong to one stretch. */
const joinUs = 3_000_000;

/** Adds stretches to the ones known; joined where they touch or nearly do. */
export function mergeSpans(spans: Spans, added: Spans): Spans {
  if (added.length === 0) return spans;
  const merged: [number, number][] = [];
  for (const [from, to] of [...spans, ...added].sort((a, b) => a[0] - b[0])) {
    const last = merged[merged.length - 1];
    if (last !== undefined && from - last[1] <= joinUs) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

/** The stretches that a list of ascending moments makes. */
export const spansOf = (moments: readonly number[]): Spans => mergeSpans([], moments.map((at) => [at, at] as const));

/**
 * Lays the axis out over the width 0..1. Stretches with news get room by the logarithm of their length, so that a burst of half
 * a second and a rollout of a minute can both be pointed at; quiet ones are folded to `foldWidth`.
 */
export function layRuler(spans: Spans, marks: readonly Mark[], playheadUs: number, endUs: number, foldWidth: number): Ruler {
  const startUs = marks.find((mark) => mark.kind === 'start')?.atUs ?? 0;
  if (startUs === 0 || endUs < startUs) return layFrom(0, spans, marks, playheadUs, endUs, foldWidth);
  // How the cluster came up is there to be looked at, but the room is for what came of the user's acts.
  const rest = layFrom(startUs, spans.filter(([, to]) => to > startUs).map(([from, to]) => [Math.max(from, startUs), to] as const), marks.filter((mark) => mark.atUs >= startUs), Math.max(startUs, playheadUs), endUs, foldWidth);
  const boot: RulerPart = { fromUs: 0, toUs: startUs, folded: false, left: 0, width: bootWidth };
  return { parts: [boot, ...rest.parts.map((part) => ({ ...part, left: bootWidth + part.left * (1 - bootWidth), width: part.width * (1 - bootWidth) }))], fromUs: 0, toUs: rest.toUs };
}

/** The share of the axis that the cluster's own beginning gets. */
const bootWidth = 0.03;

function layFrom(firstUs: number, spans: Spans, marks: readonly Mark[], playheadUs: number, endUs: number, foldWidth: number): Ruler {
  const moments: Spans = [[firstUs, firstUs], ...spans, ...marks.map((mark) => [mark.atUs, mark.atUs] as const), [playheadUs, playheadUs], [endUs, endUs]];
  const busy = mergeSpans([], [...moments].sort((a, b) => a[0] - b[0]));
  const raw: { fromUs: number; toUs: number; folded: boolean; weight: number }[] = [];
  for (const [from, to] of busy) {
    const before = raw[raw.length - 1];
    if (before !== undefined) {
      const gapUs = from - before.toUs;
      raw.push({ fromUs: before.toUs, toUs: from, folded: gapUs > foldUs, weight: gapUs > foldUs ? 0 : weightOf(gapUs) * 0.5 });
    }
    raw.push({ fromUs: from, toUs: to, folded: false, weight: to === from ? 0.12 : weightOf(to - from) });
  }
  const folds = raw.filter((part) => part.folded).length;
  const foldShare = Math.min(foldWidth, folds === 0 ? 0 : 0.6 / folds);
  const total = raw.reduce((sum, part) => sum + part.weight, 0) || 1;
  let left = 0;
  const parts = raw.map(({ fromUs, toUs, folded, weight }) => {
    const width = folded ? foldShare : (weight / total) * (1 - folds * foldShare);
    const part = { fromUs, toUs, folded, left, width };
    left += width;
    return part;
  });
  return { parts, fromUs: firstUs, toUs: busy[busy.length - 1]?.[1] ?? 0 };
}

const weightOf = (us: number): number => 0.15 + Math.log2(1 + us / 500_000);

/** Where a moment is on the axis, 0..1. */
export function placeOf(ruler: Ruler, atUs: number): number {
  for (const part of ruler.parts) {
    if (atUs <= part.toUs) return atUs <= part.fromUs ? part.left : part.left + (part.width * (atUs - part.fromUs)) / (part.toUs - part.fromUs);
  }
  return 1;
}

/** The moment at a place on the axis. */
export function momentAt(ruler: Ruler, place: number): number {
  for (const part of ruler.parts) {
    if (place <= part.left + part.width) return Math.round(part.fromUs + (part.toUs - part.fromUs) * (part.width === 0 ? 0 : Math.max(0, place - part.left) / part.width));
  }
  return ruler.toUs;
}
