/** What a Pod that is bound to a node gives that node access to. Models plugin/pkg/auth/authorizer/node/graph.go: AddPod, and pkg/api/v1/pod/util.go: VisitPodSecretNames, VisitPodConfigmapNames. */
import type { Pod } from '../../../kubernetes/api/index.ts';
import { cached, cacheOf, type ApiServerState } from '../state.ts';
import type { Attributes } from './attributes.ts';

/** Whether there is a way from the object to the node, through one of the node's Pods. */
export function isRelated(state: ApiServerState, node: string, { resource, namespace, name, boundPod }: Attributes): boolean {
  const isOn = (pod: Pod | undefined): pod is Pod => pod !== undefined && pod.spec.nodeName === node;
  if (resource === 'pods') return isOn(cached(state, 'pods', `${namespace}/${name}`) as Pod | undefined);
  const refers = references[resource]!;
  // A kubelet names the Pod for which it asks: no other need be looked at.
  const bound = boundPod === undefined ? undefined : cached(state, 'pods', `${namespace}/${boundPod}`) as Pod | undefined;
  if (isOn(bound) && grants(bound) && refers(bound, name)) return true;
  for (const object of cacheOf(state, 'pods').objects.values()) {
    const pod = object as Pod;
    if (isOn(pod) && pod.metadata.namespace === namespace && grants(pod) && refers(pod, name)) return true;
  }
  return false;
}

/** A node must not give itself anything by a mirror Pod. */
const grants = ({ metadata: { annotations } }: Pod): boolean => annotations?.['kubernetes.io/config.mirror'] === undefined;

interface Named { readonly name?: string }
interface Sources { readonly env?: readonly { readonly valueFrom?: { readonly secretKeyRef?: Named; readonly configMapKeyRef?: Named } }[]; readonly envFrom?: readonly { readonly secretRef?: Named; readonly configMapRef?: Named }[] }
/** The parts of a volume by which it refers to something. */
interface Volume {
  readonly name: string;
  readonly secret?: { readonly secretName?: string };
  readonly configMap?: Named;
  readonly projected?: { readonly sources?: readonly { readonly secret?: Named; readonly configMap?: Named }[] };
  readonly persistentVolumeClaim?: { readonly claimName: string };
  readonly ephemeral?: object;
  readonly csi?: { readonly nodePublishSecretRef?: Named };
}

const containersOf = ({ spec }: Pod): readonly Sources[] => {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec as Pod['spec'] & { readonly ephemeralContainers?: readonly object[] };
  return [...containers, ...initContainers, ...ephemeralContainers] as readonly Sources[];
};
const volumesOf = ({ spec: { volumes = [] } }: Pod): readonly Volume[] => volumes as readonly unknown[] as readonly Volume[];
const inVariables = (pod: Pod, is: (one: { readonly secret?: Named; readonly configMap?: Named }) => boolean): boolean => containersOf(pod).some(({ env = [], envFrom = [] }) =>
  env.some(({ valueFrom }) => valueFrom !== undefined && is({ secret: valueFrom.secretKeyRef, configMap: valueFrom.configMapKeyRef })) || envFrom.some(({ secretRef, configMapRef }) => is({ secret: secretRef, configMap: configMapRef })));

const references: { readonly [resource: string]: (pod: Pod, name: string) => boolean } = {
  serviceaccounts: ({ spec }, name) => (spec.serviceAccountName ?? '') === name,
  secrets: (pod, name) => (pod.spec.imagePullSecrets as readonly Named[] | undefined)?.some((one) => one.name === name) === true
    || inVariables(pod, ({ secret }) => secret?.name === name)
    || volumesOf(pod).some(({ secret, projected, csi }) => secret?.secretName === name || csi?.nodePublishSecretRef?.name === name || projected?.sources?.some((source) => source.secret?.name === name)),
  configmaps: (pod, name) => inVariables(pod, ({ configMap }) => configMap?.name === name)
    || volumesOf(pod).some(({ configMap, projected }) => configMap?.name === name || projected?.sources?.some((source) => source.configMap?.name === name)),
  persistentvolumeclaims: (pod, name) => volumesOf(pod).some(({ name: volume, persistentVolumeClaim, ephemeral }) => persistentVolumeClaim?.claimName === name || (ephemeral !== undefined && `${pod.metadata.name}-${volume}` === name)),
};
