/** Events in their two groups; they are stored as core/v1. Models pkg/apis/events/v1/conversion.go. */
import type { KubeObject } from './meta-v1.ts';

type Fields = { readonly [field: string]: unknown };

/** The fields that core and events.k8s.io call by different names. */
const names: readonly (readonly [core: string, events: string])[] = [
  ['involvedObject', 'regarding'], ['message', 'note'], ['reportingComponent', 'reportingController'], ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'], ['lastTimestamp', 'deprecatedLastTimestamp'], ['count', 'deprecatedCount'],
];
const swapped = names.map(([core, events]) => [events, core] as const);

function renamed(object: KubeObject, apiVersion: string, pairs: readonly (readonly [from: string, to: string])[]): KubeObject {
  const result: Record<string, unknown> = { ...object, apiVersion };
  for (const [from] of pairs) delete result[from];
  for (const [from, to] of pairs) {
    const value = (object as unknown as Fields)[from];
    if (value !== undefined) result[to] = value;
  }
  return result as unknown as KubeObject;
}

/** A stored Event as events.k8s.io/v1 shows it. */
export const newEventOf = (event: KubeObject): KubeObject => renamed(event, 'events.k8s.io/v1', names);

/** What is stored of an Event that came as events.k8s.io/v1. */
export const coreEventOf = (event: KubeObject): KubeObject => renamed(event, 'v1', swapped);
