import type { KubeObject, Status } from '../../../kubernetes/api/index.ts';
import type { Inflight, Step } from '../state.ts';

/** One kind of question: the answer, or the refusal. */
export type Review = (body: KubeObject, inflight: Inflight, step: Step) => { readonly object: KubeObject } | { readonly refuse: Status };
