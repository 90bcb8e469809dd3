import type { FieldChange } from './history.ts';

/** A request and its answer beside each other; asked for by the id of either. */
export interface ExchangeQuery { readonly type: 'exchange'; readonly recordId: number }

/** A request and what came of it; `undefined` parts are not (or not yet) so. */
export interface ExchangeAnswer {
  readonly type: 'exchange';
  readonly request: Half;
  /** Where it is a line of a stream that was asked about: that line. The request is then the one that opened the stream. */
  readonly frame?: Half;
  readonly response?: Half;
  readonly state: 'under way' | 'waited for' | 'answered' | 'failed' | 'open' | 'closed';
  /** From leaving the asker to the answer's arrival there. */
  readonly latencyUs?: number;
  /** Who waits, and until when it waits. */
  readonly waiter?: { readonly address: string; readonly untilUs: number };
  /** What a write made of the stored object. */
  readonly stored?: { readonly revision: number; readonly recordId: number; readonly changes: readonly FieldChange[] };
}

export interface Half {
  readonly recordId: number;
  readonly sentAtUs: number;
  readonly arrivesAtUs: number;
  /** The first line: `PATCH /api/v1/…?fieldManager=…`, `201 Created`, `RunPodSandbox`. */
  readonly line: string;
  readonly ok: boolean;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** '' where the body has none of its own. */
  readonly resourceVersion: string;
  readonly body?: unknown;
}
