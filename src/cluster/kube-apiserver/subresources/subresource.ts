import type { KubeObject } from '../../../kubernetes/api/index.ts';
import type { ApiResponse } from '../../../kubernetes/protocols/api.ts';
import type { Decision } from '../decision.ts';
import type { Inflight, Step } from '../state.ts';

/** A part of an object with an address of its own. */
export interface Subresource {
  /** The verbs it takes. */
  readonly verbs: readonly string[];
  /** What a write to it does to the object; absent: the ordinary update with the status strategy. */
  decide?(inflight: Inflight, current: KubeObject, step: Step): Decision;
  /** What is answered in the place of the object. */
  answer?(object: KubeObject, inflight: Inflight): ApiResponse['body'];
}
