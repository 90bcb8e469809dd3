import type { Container, Pod, ServiceAccount, Volume, VolumeMount } from '../../../kubernetes/api/index.ts';
import { randomSuffix } from '../../../kubernetes/apimachinery/generate-name.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { AdmissionPlugin } from './plugin.ts';

const tokenMountPath = '/var/run/secrets/kubernetes.io/serviceaccount';
const mirrorAnnotation = 'kubernetes.io/config.mirror';
const pods = { group: '', resource: 'pods' };
/** The default account is made by a controller, so it is waited for a little. */
const attemptsForDefault = 10;

/**
 * Models plugin/pkg/admission/serviceaccount/admission.go: every Pod runs as an account that exists, and gets its token mounted.
 */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  resources: ['pods'],
  admit(object, { find, inflight, random }) {
    const given = object as Pod;
    const namespace = inflight.request.namespace ?? '';
    if (given.metadata.annotations?.[mirrorAnnotation] !== undefined) {
      return (given.spec.serviceAccountName ?? '') === ''
        ? { object }
        : { refuse: forbiddenError(pods, given.metadata.name, 'a mirror pod may not reference service accounts') };
    }
    const name = given.spec.serviceAccountName || 'default';
    const account = find('serviceaccounts', namespace, name);
    if (account === undefined || (account === null && name === 'default' && inflight.lookups < attemptsForDefault)) {
      return { lookUp: { resource: 'serviceaccounts', namespace, name }, afterUs: inflight.lookups === 0 ? 0 : 100_000 + random(100_000) };
    }
    if (account === null) {
      return { refuse: forbiddenError(pods, given.metadata.name, `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`) };
    }
    const pod: Pod = given.spec.serviceAccountName === name && given.spec.serviceAccount === name
      ? given
      : { ...given, spec: { ...given.spec, serviceAccountName: name, serviceAccount: name } };
    const mounted = automounts(account as ServiceAccount, pod) ? mountToken(pod, random) : pod;
    const secrets = (account as ServiceAccount).imagePullSecrets ?? [];
    return { object: secrets.length > 0 && (pod.spec.imagePullSecrets ?? []).length === 0 ? { ...mounted, spec: { ...mounted.spec, imagePullSecrets: secrets } } as Pod : mounted };
  },
};

const automounts = (account: ServiceAccount, pod: Pod): boolean => pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;

function mountToken(pod: Pod, random: (bound: number) => number): Pod {
  const volumes = pod.spec.volumes ?? [];
  // What is invalid is said later, by validation.
  const existing = volumes.find(({ name }: Partial<Volume>) => name?.startsWith('kube-api-access-'));
  const volumeName = existing?.name ?? `kube-api-access-${randomSuffix(random)}`;
  const mount: VolumeMount = { name: volumeName, readOnly: true, mountPath: tokenMountPath };
  let needed = false;
  const withMount = <C extends Container>(container: C): C => {
    const mounts = container.volumeMounts ?? [];
    if (mounts.some(({ mountPath }) => mountPath === tokenMountPath)) return container;
    needed = true;
    return { ...container, volumeMounts: [...mounts, mount] };
  };
  const containers = pod.spec.containers.map(withMount);
  const initContainers = pod.spec.initContainers?.map(withMount);
  if (!needed) return pod;
  return {
    ...pod,
    spec: {
      ...pod.spec, containers, ...(initContainers === undefined ? {} : { initContainers }),
      volumes: existing === undefined ? [...volumes, tokenVolume(volumeName)] : volumes,
    },
  };
}

/** The token (renewed before its hour and seven seconds end), the cluster's CA and the namespace's name, in one directory. */
const tokenVolume = (name: string): Volume => ({
  name,
  projected: {
    sources: [
      { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
      { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
      { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
    ],
    defaultMode: 420,
  },
});
