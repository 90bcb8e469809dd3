/** Which Services a Pod belongs to. Models staging/src/k8s.io/endpointslice/util/controller_utils.go. */
import { objectKey, type Pod, type Service, type StringMap } from '../../../kubernetes/api/index.ts';
import type { Listers, ObjectNews } from '../controller.ts';
import { canBeEndpoint, endpointChanged } from './endpoint-slices.ts';

export function carries(labels: StringMap | undefined, selector: StringMap): boolean {
  for (const key in selector) if (labels?.[key] !== selector[key]) return false;
  return true;
}

/** A Service whose endpoints controllers make of the Pods it selects. */
export const makesEndpoints = ({ spec }: Service): boolean => spec.selector !== undefined && spec.type !== 'ExternalName';

function servicesOf(pod: Pod, list: Listers): readonly string[] {
  const keys: string[] = [];
  for (const service of list('services').byIndex('namespace', pod.metadata.namespace ?? '')) {
    if (service.spec.selector !== undefined && carries(pod.metadata.labels, service.spec.selector)) keys.push(objectKey(service));
  }
  return keys;
}

/** The Services whose endpoints may differ by this news of a Pod. Models GetServicesToUpdateOnPodChange. */
export function servicesToUpdate(news: ObjectNews, list: Listers): readonly string[] | undefined {
  const pod = news.object as Pod;
  const old = news.old as Pod | undefined;
  const relabelled = old !== undefined && old.metadata.labels !== pod.metadata.labels;
  if (old !== undefined && !relabelled && !endpointChanged(old, pod)) return undefined;
  if (old === undefined && !canBeEndpoint(pod)) return undefined;
  return relabelled ? [...servicesOf(pod, list), ...servicesOf(old!, list)] : servicesOf(pod, list);
}
