/**
 * Kinds that are served in a version (or a group) they are not stored in. Models the conversions of pkg/apis/{core,autoscaling} and the cohabiting
 * resources of pkg/kubeapiserver/default_storage_factory_builder.go.
 */
import { v1FromV2, v2FromV1 } from '../../kubernetes/api/autoscaling.ts';
import { coreEventOf, newEventOf } from '../../kubernetes/api/event-versions.ts';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { ApiResponse, WatchFrame } from '../../kubernetes/protocols/api.ts';

/** How stored objects look from another version. */
export interface View {
  /** The server's own name of what is stored. */
  readonly key: string;
  fromStored(object: KubeObject): KubeObject;
  toStored(object: KubeObject): KubeObject;
  /** What a field that can be selected by is called where it is stored. */
  readonly fields: { readonly [field: string]: string };
  /** What a table of them shows, where the view says it. */
  readonly columns?: ApiResponse['columns'];
}

const involved = ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'];

const events: View = {
  key: 'events',
  fromStored: newEventOf,
  toStored: coreEventOf,
  fields: { ...Object.fromEntries(involved.map((field) => [`regarding.${field}`, `involvedObject.${field}`])), reason: 'reason', reportingController: 'reportingComponent', type: 'type' },
};

const horizontalPodAutoscalers: View = { key: 'horizontalpodautoscalers.autoscaling', fromStored: v1FromV2, toStored: v2FromV1, fields: {} };

/** By apiVersion and resource. */
export const views: { readonly [place: string]: View | undefined } = { 'events.k8s.io/v1 events': events, 'autoscaling/v1 horizontalpodautoscalers': horizontalPodAutoscalers };

/** The body of a watch frame as it looks in another version. */
export const frameFrom = (view: View, object: KubeObject): WatchFrame => ({ object: view.fromStored(object), ...(view.columns === undefined ? {} : { columns: view.columns }) });
