/**
 * Objects that a server has of itself, of kinds that few ask for. Models the post-start hooks of pkg/registry (scheduling/rest: AddSystemPriorityClasses;
 * rbac/rest: EnsureRBACPolicy; flowcontrol/rest: ensureMandatoryConfiguration). Upstream makes them when it starts; here the first request for their kind makes them, and waits until they are there.
 */
import { flowSchemas, priorityLevels } from '../../kubernetes/api/flow-control.ts';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import { apiServicesKey, localServices } from './api-services.ts';
import { policyKinds } from './authorization/authorizer.ts';
import type { Finished, Inflight, Parked, Step } from './state.ts';
import { ownRequest } from './bootstrap.ts';
import { servedAs } from './served.ts';
import { create } from './writes.ts';

const priorityClass = (name: string, value: number, description: string) => ({
  apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value, description, preemptionPolicy: 'PreemptLowerPriority',
});

/** By the kind's key. */
const builtIn: { readonly [key: string]: readonly (object & Pick<KubeObject, 'metadata'>)[] | undefined } = {
  'priorityclasses.scheduling.k8s.io': [
    priorityClass('system-node-critical', 2_000_001_000, 'Used for system critical pods that must not be moved from their current node.'),
    priorityClass('system-cluster-critical', 2_000_000_000, 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.'),
  ],
  ...policyKinds,
  [apiServicesKey]: localServices,
  'flowschemas.flowcontrol.apiserver.k8s.io': flowSchemas,
  'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io': priorityLevels,
};

/** Models pkg/controlplane/controller/defaultservicecidr; its finalizer is pkg/controller/servicecidrs' own. */
const defaultServiceCidr = (cidr: string) =>
  ({ apiVersion: 'networking.k8s.io/v1', kind: 'ServiceCIDR', metadata: { name: 'kubernetes', finalizers: ['networking.k8s.io/service-cidr-finalizer'] }, spec: { cidrs: [cidr] } });
const objectsOf = ({ serviceCidr }: Step['state'], key: string): (typeof builtIn)[string] => (key === 'servicecidrs.networking.k8s.io' ? [defaultServiceCidr(serviceCidr)] : builtIn[key]);

const prefix = 'built-in/';
export const isBuiltInHook = (hook: string): boolean => hook.startsWith(prefix);
/** Where they lie, of kinds that lie in namespaces. */
const theirNamespaces: readonly (string | undefined)[] = [undefined, '', 'kube-system', 'kube-public'];

/** Keeps a request until what its kind has of itself is there; false where nothing is missing. */
export function awaitBuiltIn(step: Step, inflight: Inflight, stream: string | undefined): boolean {
  const { served: { key, info }, request: { namespace } } = inflight;
  const objects = objectsOf(step.state, key);
  if (objects === undefined || (info.namespaced && !theirNamespaces.includes(namespace))) return false;
  const known = step.state.builtIn.get(key);
  if (typeof known === 'number') return false;
  const parked = { inflight, stream };
  step.state = { ...step.state, builtIn: step.state.builtIn.set(key, known === undefined ? { left: objects.length, failed: false, revision: 0, parked: [parked] } : { ...known, parked: [...known.parked, parked] }) };
  if (known !== undefined) return true;
  const fieldManager = info.group === 'flowcontrol.apiserver.k8s.io' ? { query: { fieldManager: 'api-priority-and-fairness-config-producer-v1' } } : {};
  for (const body of objects) create(step, ownRequest(step, servedAs(key), { verb: 'create', namespace: body.metadata.namespace, body, ...fieldManager }, prefix + key));
  return true;
}

/** One of them is there, or could not be made now; those who waited for the last go on. */
export function builtInOn(step: Step, { hook, code, body }: Finished): readonly Parked[] {
  const key = hook.slice(prefix.length);
  const making = step.state.builtIn.get(key);
  if (making === undefined || typeof making === 'number') return [];
  const [left, failed] = [making.left - 1, making.failed || code >= 500];
  const revision = Math.max(making.revision, code < 300 ? Number((body as KubeObject).metadata.resourceVersion) : 0);
  if (left > 0) {
    step.state = { ...step.state, builtIn: step.state.builtIn.set(key, { ...making, left, failed, revision }) };
    return [];
  }
  step.state = { ...step.state, builtIn: failed ? step.state.builtIn.delete(key) : step.state.builtIn.set(key, revision) };
  return making.parked;
}
