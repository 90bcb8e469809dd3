/** The APIServices of groups that this server answers for itself. Models pkg/controlplane/apiserver/aggregator.go (priorities, makeAPIService) and kube-aggregator/pkg/controllers/autoregister. */
import type { KubeObject } from '../../kubernetes/api/index.ts';

/** By group and version: the group's priority, and the version's within it. */
const priorities = `
v1 18000 1
apps/v1 17800 15
events.k8s.io/v1 17750 15
authentication.k8s.io/v1 17700 15
authorization.k8s.io/v1 17600 15
autoscaling/v1 17500 15
autoscaling/v2 17500 30
batch/v1 17400 15
certificates.k8s.io/v1 17300 15
networking.k8s.io/v1 17200 15
policy/v1 17100 15
rbac.authorization.k8s.io/v1 17000 15
storage.k8s.io/v1 16800 15
apiextensions.k8s.io/v1 16700 15
admissionregistration.k8s.io/v1 16700 15
scheduling.k8s.io/v1 16600 15
coordination.k8s.io/v1 16500 15
node.k8s.io/v1 16300 15
discovery.k8s.io/v1 16200 15
flowcontrol.apiserver.k8s.io/v1 16100 21
resource.k8s.io/v1 15900 15
`;

function localService(group: string, version: string, groupPriorityMinimum: number, versionPriority: number, managed: 'onstart' | 'true'): KubeObject {
  return {
    apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: `${version}.${group}`, labels: { 'kube-aggregator.kubernetes.io/automanaged': managed } },
    spec: { ...(group === '' ? {} : { group }), groupPriorityMinimum, version, versionPriority },
  };
}

export const apiServicesKey = 'apiservices.apiregistration.k8s.io';
export const localServices: readonly KubeObject[] = priorities.trim().split('\n').map((line) => {
  const [apiVersion = '', group, version] = line.split(' ');
  const slash = apiVersion.indexOf('/');
  return localService(apiVersion.slice(0, Math.max(0, slash)), apiVersion.slice(slash + 1), Number(group), Number(version), 'onstart');
});

/** Of a version that a definition brings. Models pkg/controlplane/controller/crdregistration. */
export const customService = (group: string, version: string): KubeObject => localService(group, version, 1000, 100, 'true');
