import type { RecordKind } from './record-kind.ts';

/** Of a record, or of an object: then of whatever wrote it last. */
export type CausalityQuery =
  | { readonly type: 'causality'; readonly recordId: number }
  | { readonly type: 'causality'; readonly object: { readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string } };

/** One record as a stretch of time with the one that led to it: what a distributed trace calls a span. */
export interface CausalSpan {
  readonly id: number;
  /** The span that led to it; -1 where it all began. */
  readonly parentId: number;
  /** A message is sent, a timer is set, everything else happens. */
  readonly atUs: number;
  /** A request ends with the arrival of its answer, another message with its own, a timer as it fires. */
  readonly endUs: number;
  readonly from: string;
  readonly to: string;
  readonly what: 'message' | 'note' | 'timer' | 'command';
  readonly title: string;
  readonly sentence: string;
  readonly kind: RecordKind;
  readonly ok: boolean;
  readonly background: boolean;
  /** The key of the row of the object it speaks of. */
  readonly about?: string;
}

/** The chain from the user's command, or from the world's own beginning, to a record, and the tree of all that it caused. */
export interface CausalityAnswer {
  readonly type: 'causality';
  /** The record asked about, or the one that wrote the object asked about. */
  readonly recordId: number;
  /** In the order of the trace: each stands after what led to it. Those up to `recordId` are the chain. */
  readonly spans: readonly CausalSpan[];
  /** What came of it besides: news beyond the bound, and heartbeats with all that they led to. */
  readonly leftOut: { readonly news: number; readonly background: number };
}
