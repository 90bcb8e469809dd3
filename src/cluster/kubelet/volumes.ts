/** What a Pod's volumes and variables are made of: a service account token, ConfigMaps and Secrets. Models pkg/kubelet/volumemanager, token/token_manager.go, configmap/. */
import type { ConfigMap, KubeObject, Pod, Secret } from '../../kubernetes/api/index.ts';
import type { ClaimSpec, VolumeSpec } from '../../kubernetes/api/kept-specs.ts';
import type { ClientNews } from '../../kubernetes/client-go/index.ts';
import { setTimer } from '../../simulation/process/effects.ts';
import { update, workerOf, type Fetched, type PodWorker, type Turn } from './kubelet-state.ts';
import { callApi, report, type PodCallTag } from './report-status.ts';

export interface Reference { readonly resource: 'configmaps' | 'secrets' | 'persistentvolumeclaims' | 'persistentvolumes'; readonly name: string; readonly optional: boolean; readonly volume: string }

/** The tag of a GET for a ConfigMap or Secret. */
export interface FetchTag { readonly fetch: string }

const keyOf = (namespace: string, { resource, name }: Pick<Reference, 'resource' | 'name'>): string => `${resource}/${namespace}/${name}`;
const rootCa = 'kube-root-ca.crt';
const freshUs = 5_000_000;

interface Needs { readonly token: boolean; readonly volumes: readonly Reference[]; readonly variables: readonly Reference[]; readonly claims: readonly Reference[] }
const needsBySpec = new WeakMap<object, Needs>();

/** What the API server must be asked for before the Pod can start. */
export function needsOf({ spec }: Pod): Needs {
  const known = needsBySpec.get(spec);
  if (known !== undefined) return known;
  const volumes: Reference[] = [];
  const variables: Reference[] = [];
  const claims: Reference[] = [];
  let token = false;
  const want = (list: Reference[], resource: Reference['resource'], name: string | undefined, optional: boolean | undefined, volume: string) => {
    if (name !== undefined && name !== '') list.push({ resource, name, optional: optional === true, volume });
  };
  for (const { name: volume, configMap, secret, projected, persistentVolumeClaim } of spec.volumes ?? []) {
    if (persistentVolumeClaim !== undefined) want(claims, 'persistentvolumeclaims', persistentVolumeClaim.claimName, false, volume);
    if (configMap !== undefined) want(volumes, 'configmaps', configMap.name, configMap.optional, volume);
    if (secret !== undefined) want(volumes, 'secrets', secret.secretName, secret.optional, volume);
    for (const source of projected?.sources ?? []) {
      if (source.serviceAccountToken !== undefined) token = true;
      if (source.configMap !== undefined) want(volumes, 'configmaps', source.configMap.name, source.configMap.optional, volume);
      if (source.secret !== undefined) want(volumes, 'secrets', source.secret.name, source.secret.optional, volume);
    }
  }
  for (const { env, envFrom } of [...(spec.initContainers ?? []), ...spec.containers]) {
    for (const { configMapRef, secretRef } of envFrom ?? []) {
      if (configMapRef !== undefined) want(variables, 'configmaps', configMapRef.name, configMapRef.optional, '');
      if (secretRef !== undefined) want(variables, 'secrets', secretRef.name, secretRef.optional, '');
    }
    for (const { valueFrom } of env ?? []) {
      if (valueFrom?.configMapKeyRef !== undefined) want(variables, 'configmaps', valueFrom.configMapKeyRef.name, valueFrom.configMapKeyRef.optional, '');
      if (valueFrom?.secretKeyRef !== undefined) want(variables, 'secrets', valueFrom.secretKeyRef.name, valueFrom.secretKeyRef.optional, '');
    }
  }
  const needs = { token, volumes, variables, claims };
  needsBySpec.set(spec, needs);
  return needs;
}

/** Ask for whatever is not there yet. True when all is there and the volumes can be mounted. */
export function volumesReady(at: Turn, worker: PodWorker, first: boolean): boolean {
  const needs = needsOf(worker.pod);
  const { name, namespace = 'default' } = worker.pod.metadata;
  if (needs.token && first && !worker.tokenArrived) requestToken(at, worker, namespace, name);
  let ready = !needs.token || worker.tokenArrived;
  for (const claim of needs.claims) if (!arrived(at, worker, namespace, claim, first) || !arrived(at, worker, '', volumeBehind(at, namespace, claim.name)!, first)) ready = false;
  for (const reference of needs.volumes) if (!arrived(at, worker, namespace, reference, first)) ready = false;
  // Variables are read when a container is created; a missing object there is that container's error, not a mount's.
  for (const reference of needs.variables) if (!arrived(at, worker, namespace, reference, first) && at.state.fetched.get(keyOf(namespace, reference))?.state !== 'missing') ready = false;
  return ready;
}

/** The volume that a claim is bound to. */
function volumeBehind(at: Turn, namespace: string, claim: string): Reference | undefined {
  const { spec } = (at.state.fetched.get(keyOf(namespace, { resource: 'persistentvolumeclaims', name: claim }))?.object ?? {}) as { readonly spec?: ClaimSpec };
  return spec?.volumeName === undefined ? undefined : { resource: 'persistentvolumes', name: spec.volumeName, optional: false, volume: '' };
}

/** Where on this machine the files of a claim lie: those of volumes that are elsewhere lie here too. */
export function pathOfClaim(at: Turn, namespace: string, claim: string): string {
  const behind = volumeBehind(at, namespace, claim);
  const { spec } = (behind === undefined ? {} : at.state.fetched.get(keyOf('', behind))?.object ?? {}) as { readonly spec?: VolumeSpec };
  return spec?.hostPath?.path ?? (spec?.local as { readonly path?: string } | undefined)?.path ?? `persistentvolumes/${behind?.name ?? `${namespace}/${claim}`}`;
}

/** Only a bound claim is of use. Models desired_state_of_world_populator.go: getPVCExtractPV. */
const isOfUse = ({ kind, status }: KubeObject): boolean => kind !== 'PersistentVolumeClaim' || (status as { readonly phase?: string } | undefined)?.phase === 'Bound';

function requestToken(at: Turn, worker: PodWorker, namespace: string, podName: string): void {
  const { pod, uid } = worker;
  const source = pod.spec.volumes?.flatMap((volume) => volume.projected?.sources ?? []).find(({ serviceAccountToken }) => serviceAccountToken !== undefined)?.serviceAccountToken;
  const body = {
    apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {},
    spec: { audiences: source?.audience === undefined ? [] : [source.audience], expirationSeconds: source?.expirationSeconds ?? 3600, boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: podName, uid } },
  };
  const account = pod.spec.serviceAccountName ?? 'default';
  callApi(at, { verb: 'create', group: '', version: 'v1', resource: 'serviceaccounts', subresource: 'token', namespace, name: account, body }, { uid, call: 'token' } satisfies PodCallTag, worker.cause);
}

function arrived(at: Turn, worker: PodWorker, namespace: string, reference: Reference, first: boolean): boolean {
  const key = keyOf(namespace, reference);
  const fetched = at.state.fetched.get(key);
  // The root certificate never changes; anything else is asked for anew by each Pod, as upstream's watch would show its newest state.
  const stale = fetched?.state === 'present' && first && reference.name !== rootCa && at.env.nowUs - fetched.atUs > freshUs;
  if (fetched === undefined || stale) {
    setFetched(at, key, { state: 'asked', object: fetched?.object, waiting: [worker.uid], failures: 0, atUs: at.env.nowUs });
    get(at, namespace, reference.resource, reference.name, key, worker.cause);
    return false;
  }
  if (fetched.state === 'present') return true;
  if (reference.optional && fetched.state === 'missing') return true;
  if (!fetched.waiting.includes(worker.uid)) setFetched(at, key, { ...fetched, waiting: [...fetched.waiting, worker.uid] });
  return false;
}

function setFetched(at: Turn, key: string, fetched: Fetched): void {
  at.state = { ...at.state, fetched: at.state.fetched.set(key, fetched) };
}

function get(at: Turn, namespace: string, resource: string, name: string, key: string, cause: number): void {
  callApi(at, { verb: 'get', group: '', version: 'v1', resource, ...(namespace !== '' && { namespace }), name }, { fetch: key } satisfies FetchTag, cause);
}

/** A ConfigMap or Secret has come, or there is none. Returns the Pods that waited for it. */
export function fetchAnswered(at: Turn, { fetch: key }: FetchTag, answer: Extract<ClientNews, { type: 'answer' }>): readonly string[] {
  const fetched = at.state.fetched.get(key);
  if (fetched === undefined) return [];
  if (answer.ok && isOfUse(answer.body as KubeObject)) {
    setFetched(at, key, { state: 'present', object: answer.body as KubeObject, waiting: [], failures: 0, atUs: at.env.nowUs });
    return fetched.waiting;
  }
  const failures = fetched.failures + 1;
  setFetched(at, key, { ...fetched, state: 'missing', failures, atUs: at.env.nowUs });
  // Models pkg/util/goroutinemap/exponentialbackoff: 500 ms, doubled up to 2 min 2 s.
  at.effects.push(setTimer(`fetch/${key}`, Math.min(500_000 * 2 ** (failures - 1), 122_000_000), { name: 'fetchAgain', body: key }));
  const [resource, , name] = key.split('/') as ['configmaps' | 'secrets', string, string];
  for (const uid of fetched.waiting) {
    const worker = workerOf(at, uid);
    const volume = worker === undefined ? undefined : needsOf(worker.pod).volumes.find((one) => one.resource === resource && one.name === name && !one.optional)?.volume;
    if (worker !== undefined && volume !== undefined) report(at, worker, 'Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${volume}" : ${missing(resource, name, answer.code, worker.pod.metadata.namespace!)}`);
  }
  return fetched.waiting;
}

const missing = (resource: string, name: string, code: number, namespace: string): string => {
  const kind = resource === 'secrets' ? 'secret' : 'configmap';
  if (code !== 404) return `failed to sync ${kind} cache: timed out waiting for the condition`;
  return name === rootCa ? `object "${namespace}"/"${name}" not registered` : `${kind} "${name}" not found`;
};

/** Ask again for what was missing, if anybody still waits for it. */
export function fetchAgain(at: Turn, key: string): void {
  const fetched = at.state.fetched.get(key);
  if (fetched === undefined || fetched.state !== 'missing') return;
  const waiting = fetched.waiting.filter((uid) => workerOf(at, uid)?.stage === 'syncing');
  const worker = waiting[0] === undefined ? undefined : workerOf(at, waiting[0]);
  if (worker === undefined) {
    at.state = { ...at.state, fetched: at.state.fetched.delete(key) };
    return;
  }
  setFetched(at, key, { ...fetched, waiting });
  const [resource, namespace, name] = key.split('/') as [string, string, string];
  get(at, namespace, resource, name, key, worker.cause);
}

/** The token has come. Returns whether the worker may go on. */
export function tokenAnswered(at: Turn, uid: string, { ok, body }: { readonly ok: boolean; readonly body: unknown }): void {
  if (workerOf(at, uid) === undefined) return;
  if (ok) update(at, uid, { tokenArrived: true, token: (body as { readonly status: { readonly token: string } }).status.token });
  else at.effects.push(setTimer(`token/${uid}`, 1_000_000, { name: 'tokenAgain', body: uid }));
}

export function tokenAgain(at: Turn, uid: string): void {
  const worker = workerOf(at, uid);
  if (worker !== undefined && worker.stage === 'syncing') requestToken(at, worker, worker.pod.metadata.namespace ?? 'default', worker.pod.metadata.name);
}

/** The values of a ConfigMap or a Secret that was fetched, as a container would see them. */
export function dataOf(at: Turn, namespace: string, resource: 'configmaps' | 'secrets', name: string): { readonly [key: string]: string } | undefined {
  const fetched = at.state.fetched.get(keyOf(namespace, { resource, name }));
  if (fetched?.state !== 'present' || fetched.object === undefined) return undefined;
  if (resource === 'configmaps') return (fetched.object as ConfigMap).data ?? {};
  const decoded: { [key: string]: string } = {};
  for (const [key, value] of Object.entries((fetched.object as Secret).data ?? {})) decoded[key] = decodeBase64(value);
  return decoded;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Base64 to text, byte for byte. */
export function decodeBase64(text: string): string {
  let bits = 0;
  let count = 0;
  let out = '';
  for (const char of text) {
    const value = alphabet.indexOf(char);
    if (value < 0) continue;
    bits = ((bits << 6) | value) & 0xffffff;
    count += 6;
    if (count >= 8) { count -= 8; out += String.fromCharCode((bits >> count) & 255); }
  }
  return out;
}
