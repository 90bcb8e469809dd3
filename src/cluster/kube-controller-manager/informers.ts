import { resourceOf, type KubeObject, type ModelledResource, type Node, type Pod } from '../../kubernetes/api/index.ts';
import { controllerOf } from '../../kubernetes/apimachinery/owner-references.ts';
import type { IndexFunction, InformerSpec } from '../../kubernetes/client-go/index.ts';

const none: readonly string[] = [];

/** The uids of an object's owners: how a garbage collector and a controller find what belongs to whom. */
const byOwner: IndexFunction = (object: KubeObject) => {
  const owners = object.metadata.ownerReferences;
  return owners === undefined || owners.length === 0 ? none : owners.length === 1 ? [owners[0]!.uid] : owners.map((owner) => owner.uid);
};

/** The namespace of an object that no controller manages: what could be adopted. */
const byOrphanage: IndexFunction = (object: KubeObject) => (controllerOf(object) === undefined ? [object.metadata.namespace ?? ''] : none);
const byNamespace: IndexFunction = (object: KubeObject) => [object.metadata.namespace ?? ''];
const byNode: IndexFunction = (pod: Pod) => (pod.spec.nodeName === undefined ? none : [pod.spec.nodeName]);
const byService: IndexFunction = (object: KubeObject) => {
  const service = object.metadata.labels?.['kubernetes.io/service-name'];
  return service === undefined ? none : [`${object.metadata.namespace}/${service}`];
};
const byPodCidr: IndexFunction = (node: Node) => (node.spec.podCIDR === undefined ? none : [node.spec.podCIDR]);

function shared(resource: ModelledResource, indices: InformerSpec['indices'] = { owner: byOwner }): InformerSpec {
  const { group, version } = resourceOf(resource);
  return { group, version, resource, indices };
}

/** The shared informers of the process: one list and one watch per resource, whoever of the controllers reads it. */
export const sharedInformers: readonly InformerSpec[] = [
  shared('namespaces', {}),
  shared('nodes', { owner: byOwner, podCidr: byPodCidr }),
  shared('pods', { owner: byOwner, orphan: byOrphanage, node: byNode, namespace: byNamespace }),
  shared('services', { owner: byOwner, namespace: byNamespace }),
  shared('deployments'),
  shared('replicasets', { owner: byOwner, orphan: byOrphanage }),
  shared('endpointslices', { owner: byOwner, service: byService }),
  shared('configmaps'),
  shared('secrets'),
  shared('serviceaccounts'),
  shared('resourcequotas', { owner: byOwner, namespace: byNamespace }),
  { ...shared('leases'), namespace: 'kube-node-lease' },
];
