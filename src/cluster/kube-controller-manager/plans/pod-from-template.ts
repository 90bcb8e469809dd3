import type { KubeObject, PodTemplateSpec } from '../../../kubernetes/api/index.ts';
import { newControllerReference } from '../../../kubernetes/apimachinery/owner-references.ts';
import type { ControllerRequest } from '../controller.ts';
import { create } from '../requests.ts';

/** A Pod as the template stamps it; the server gives it its name. Models controller_utils.go: GetPodFromTemplate. */
export function createPodOf(owner: KubeObject, { metadata = {}, spec }: PodTemplateSpec): ControllerRequest {
  return create('pods', owner.metadata.namespace, {
    apiVersion: 'v1', kind: 'Pod',
    metadata: {
      generateName: `${owner.metadata.name}-`, ...(metadata.labels === undefined ? {} : { labels: metadata.labels }), ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata.finalizers === undefined ? {} : { finalizers: metadata.finalizers }), ownerReferences: [newControllerReference(owner)],
    },
    spec,
  });
}
