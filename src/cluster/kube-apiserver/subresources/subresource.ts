import type { KubeObject } from '../../../kubernetes/api/index.ts';
import type { FieldError } from '../../../kubernetes/apimachinery/field-errors.ts';
import type { ApiResponse } from '../../../kubernetes/protocols/api.ts';
import type { LookUp } from '../admission/plugin.ts';
import type { Decision } from '../decision.ts';
import type { Inflight, Step } from '../state.ts';

/** Another object is written first, and the request then begins its way again. */
export interface Spending { readonly spend: KubeObject; readonly next: KubeObject }

/** A part of an object with an address of its own. */
export interface Subresource {
  /** The verbs it takes. */
  readonly verbs: readonly string[];
  /** What a write to it does to the object; absent: the ordinary update with the status strategy. */
  decide?(inflight: Inflight, current: KubeObject, step: Step): Decision | LookUp | Spending;
  /** PrepareForUpdate, where it is neither the kind's own nor that of the status. */
  prepare?(next: KubeObject, current: KubeObject): KubeObject;
  /** What is wrong with a change, instead of what the kind's rules say. */
  problems?(errors: FieldError[], next: KubeObject, current: KubeObject): void;
  /** What is answered in the place of the object. */
  answer?(object: KubeObject, inflight: Inflight): ApiResponse['body'];
}
