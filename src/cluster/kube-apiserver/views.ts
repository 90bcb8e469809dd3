/**
 * Kinds that are served in a version (or a group) they are not stored in. Models the conversions of pkg/apis/{core,autoscaling} and the cohabiting
 * resources of pkg/kubeapiserver/default_storage_factory_builder.go.
 */
import type { Event, KubeObject } from '../../kubernetes/api/index.ts';
import { v1FromV2, v2FromV1 } from '../../kubernetes/api/autoscaling.ts';

/** How stored objects look from another version. */
export interface View {
  /** The server's own name of what is stored. */
  readonly key: string;
  fromStored(object: KubeObject): KubeObject;
  toStored(object: KubeObject): KubeObject;
  /** What a field that can be selected by is called where it is stored. */
  readonly fields: { readonly [field: string]: string };
}

type Fields = { readonly [field: string]: unknown };

/** The fields that core and events.k8s.io call by different names. Models pkg/apis/events/v1/conversion.go. */
const eventNames: readonly (readonly [core: string, events: string])[] = [
  ['involvedObject', 'regarding'], ['message', 'note'], ['reportingComponent', 'reportingController'], ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'], ['lastTimestamp', 'deprecatedLastTimestamp'], ['count', 'deprecatedCount'],
];

function renamed(object: KubeObject, apiVersion: string, names: readonly (readonly [from: string, to: string])[]): KubeObject {
  const result: Record<string, unknown> = { ...object, apiVersion };
  for (const [from] of names) delete result[from];
  for (const [from, to] of names) {
    const value = (object as unknown as Fields)[from];
    if (value !== undefined) result[to] = value;
  }
  return result as unknown as KubeObject;
}

const swapped = eventNames.map(([core, events]) => [events, core] as const);
const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const events: View = {
  key: 'events',
  fromStored: (event) => renamed(event, 'events.k8s.io/v1', eventNames),
  toStored: (event) => renamed(event, 'v1', swapped) as Event,
  fields: { ...Object.fromEntries(involved.map((field) => [`regarding.${field}`, `involvedObject.${field}`])), reason: 'reason', reportingController: 'reportingComponent', type: 'type' },
};

const horizontalPodAutoscalers: View = { key: 'horizontalpodautoscalers.autoscaling', fromStored: v1FromV2, toStored: v2FromV1, fields: {} };

/** By apiVersion and resource. */
export const views: { readonly [place: string]: View | undefined } = { 'events.k8s.io/v1 events': events, 'autoscaling/v1 horizontalpodautoscalers': horizontalPodAutoscalers };
