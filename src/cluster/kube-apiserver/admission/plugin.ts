/** What an admission plugin is. Models staging/src/k8s.io/apiserver/pkg/admission/interfaces.go. */
import type { KubeObject, Status } from '../../../kubernetes/api/index.ts';
import type { Served } from '../served.ts';
import type { Inflight } from '../state.ts';
import type { Reinvocation } from './reinvocation.ts';
import type { WebhookCall, WebhookOutcome } from './webhook-call.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** What a plugin may look at. */
export interface AdmissionContext {
  readonly inflight: Inflight;
  readonly operation: Operation;
  /** What is there now, of a change or a deletion. */
  readonly old?: KubeObject;
  readonly nowUs: number;
  /** From the watch cache, or from what was looked up in storage; null: looked up and not there; undefined: not in the cache. */
  find(resource: string, namespace: string, name: string): KubeObject | null | undefined;
  /** All objects of a kind in a namespace, or ('') of all, where the kind has a watch cache; by name. */
  all(resource: string, namespace: string): readonly KubeObject[];
  /** How a kind is served, be it a custom one. */
  kindAt(apiVersion: string, kind: string): Served | undefined;
  /** One object of a kind, or (without a name) all in its namespace, as storage has them; where that was not asked before, the wish to. */
  look(served: Served, namespace: string, name: string): { readonly objects: readonly KubeObject[] } | LookUp;
  /** Whether a user may do something, for expressions that ask. */
  authorize(asked: { readonly [field: string]: string }): { readonly allowed: boolean; readonly reason: string };
  /** Whether there is any object at all of a kind that requests are held against. */
  isAny(resource: string): boolean;
  /** The other versions in which the request's kind is served. */
  others(): readonly Served[];
  /** The object as if it had been sent like this, in a version: decoded, with its defaults; what only the server says of it stays as in `current`. */
  decode(body: unknown, current: KubeObject, as: Served): { readonly object: KubeObject } | { readonly refuse: Status };
  /** An object of the request's kind as another version shows it; who must ask a webhook for that first is interrupted, and asked again. */
  convert(object: KubeObject, to: Served): KubeObject;
  /** What a webhook has answered, where it was asked before. */
  answered(call: string): WebhookOutcome | undefined;
  /** Of those that add to an object: which round it is. */
  readonly reinvocation?: Reinvocation;
  /** Tells the client, whatever becomes of the request. */
  warn(text: string): void;
  /** A whole number below the bound. */
  random(bound: number): number;
}

/** A wish to look into storage first, after a while. */
export interface LookUp { readonly lookUp: { readonly resource: string | Served; readonly namespace: string; readonly name: string }; readonly afterUs: number }

/** A wish to ask webhooks first, at the same time. */
export interface Calls { readonly calls: readonly WebhookCall[] }
/** The object as it goes on; or a refusal; or a wish to know more first. */
export type Admission = { readonly object: KubeObject } | { readonly refuse: Status } | LookUp | Calls;

/** Nothing against it; or a refusal, a wish to know more first, or what must be written before the request goes on. */
export type Verdict = undefined | { readonly refuse: Status } | LookUp | Calls | { readonly charge: readonly KubeObject[] };

export interface AdmissionPlugin {
  /** Upstream's PluginName. */
  readonly name: string;
  /** The keys of the resources it cares about; absent: all. */
  readonly resources?: readonly string[];
  /** It judges by what it finds in the object, not only by objects that requests are held against. */
  readonly judgesAlways?: true;
  /** It adds to what is changed (not to a part of it) as it does to what is new. */
  readonly addsToChanges?: true;
  /** Adds to an object, or refuses it: to a new one, or (where `admission/registry` says so) to one that is changed or deleted too. */
  admit?(object: KubeObject, context: AdmissionContext): Admission;
  /** Judges what is to be stored, after all was added and found valid. The object of a deletion is the one that goes. */
  validate?(object: KubeObject, context: AdmissionContext): Verdict;
}
