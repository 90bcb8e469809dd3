import type { SessionCommand } from '../commands/index.ts';

/** Why is this object as it is? Answered for Pods, Deployments, ReplicaSets, Nodes and Services. */
export interface WhyQuery { readonly type: 'why'; readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string }

/** Something in the world that shows it: a door to its record, or to the row of a thing. */
export interface Evidence { readonly text: string; readonly recordId?: number; readonly key?: string }

/** What would help: one command. */
export interface Remedy { readonly title: string; readonly explanation: string; readonly command: SessionCommand }

export interface WhyAnswer {
  readonly type: 'why';
  /** One sentence, with the API's own words in it. */
  readonly verdict: string;
  /** `good`: as it should be; `waiting`: it goes on by itself; `bad`: it does not. */
  readonly tone: 'good' | 'waiting' | 'bad';
  readonly evidence: readonly Evidence[];
  readonly remedies: readonly Remedy[];
}
