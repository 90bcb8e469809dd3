/** What an admission plugin is. Models staging/src/k8s.io/apiserver/pkg/admission/interfaces.go. */
import type { KubeObject, Status } from '../../../kubernetes/api/index.ts';
import type { Inflight } from '../state.ts';

/** What a plugin may look at. */
export interface AdmissionContext {
  readonly inflight: Inflight;
  /** From the watch cache, or from what was looked up in storage; null: looked up and not there; undefined: not in the cache. */
  find(resource: string, namespace: string, name: string): KubeObject | null | undefined;
  /** A whole number below the bound. */
  random(bound: number): number;
}

/** The object as it goes on; or a refusal; or the wish to look into storage first, after a while. */
export type Admission =
  | { readonly object: KubeObject }
  | { readonly refuse: Status }
  | { readonly lookUp: { readonly resource: string; readonly namespace: string; readonly name: string }; readonly afterUs: number };

export interface AdmissionPlugin {
  /** Upstream's PluginName. */
  readonly name: string;
  /** The key of the resource it cares about; absent: all. */
  readonly resource?: string;
  admit(object: KubeObject, context: AdmissionContext): Admission;
}
