/**
 * Where the servers themselves are: each keeps a lease under its address, and all keep the Endpoints and the EndpointSlice of default/kubernetes to the
 * addresses whose leases live. Models pkg/controlplane/reconcilers/{lease,endpointsadapter}.go and pkg/controlplane/controller/kubernetesservice.
 */
import type { EndpointSlice, KubeObject } from '../../kubernetes/api/index.ts';
import type { Endpoints } from '../../kubernetes/api/kept-specs.ts';
import { deepEqual } from '../../kubernetes/apimachinery/equality.ts';
import { formatTime } from '../../kubernetes/apimachinery/time.ts';
import type { KeyValue, LeaseGrantResponse, RangeResponse, TxnRequest, TxnResponse } from '../../kubernetes/protocols/etcd.ts';
import { setTimer } from '../../simulation/process/effects.ts';
import { ownRequest } from './bootstrap.ts';
import { servedAs } from './served.ts';
import { cached, type Call, type Finished, type Step } from './state.ts';
import { callEtcd, compareAndWrite } from './storage.ts';
import { newUid } from './uid.ts';
import { change, create } from './writes.ts';

type Asked = Call & { readonly kind: 'own-endpoints' };

const everyUs = 10_000_000;
const leaseSeconds = 15;
/** Somebody else has written: client-go/util/retry's DefaultBackoff begins with this. */
const againUs = 10_000;
const leasesPrefix = '/registry/masterleases/';
export const ownEndpointsKey = '/registry/services/endpoints/default/kubernetes';
const name = 'kubernetes';
const namespace = 'default';
const ports = [{ name: 'https', port: 6443, protocol: 'TCP' }] as const;
const slices = 'endpointslices.discovery.k8s.io';

/** Each ten seconds, from the moment when the server is ready. */
export function renewOwnLease(step: Step): void {
  step.effects.push(setTimer('own-lease', everyUs, { background: true }));
  const key = leasesPrefix + step.state.advertiseAddress;
  callEtcd(step, { kind: 'own-endpoints', asked: 'lease', found: undefined, ips: [] }, 'Range', { key }, 0, true);
}

export function takeOwnEndpoints(step: Step, call: Asked, answer: RangeResponse | LeaseGrantResponse | TxnResponse): void {
  const next = (asked: Asked['asked'], more: Partial<Asked> = {}): Asked => ({ ...call, ...more, asked });
  const key = leasesPrefix + step.state.advertiseAddress;
  switch (call.asked) {
    case 'lease': return callEtcd(step, next('grant', { found: (answer as RangeResponse).kvs[0] }), 'LeaseGrant', { ttlSeconds: leaseSeconds }, 0);
    case 'grant': return callEtcd(step, next('renew'), 'Txn', {
      compare: [{ key, target: 'mod', equals: call.found?.modRevision ?? 0 }], failure: [], success: [{ op: 'put', key, value: leaseOf(step.state.advertiseAddress, call.found), lease: (answer as LeaseGrantResponse).id }],
    } satisfies TxnRequest, 0);
    case 'renew': return callEtcd(step, next('leases'), 'Range', { key: leasesPrefix, rangeEnd: `${leasesPrefix.slice(0, -1)}0` }, 0);
    case 'leases': return callEtcd(step, next('endpoints', { ips: (answer as RangeResponse).kvs.map((kv) => kv.key.slice(leasesPrefix.length)).sort() }), 'Range', { key: ownEndpointsKey }, 0);
    case 'endpoints': return compare(step, call.ips, (answer as RangeResponse).kvs[0]);
    case 'write': if ((answer as TxnResponse).succeeded) writeSlice(step, call.ips);
      else step.effects.push(setTimer('own-lease', againUs));
  }
}

/** Models lease.go: UpdateLease. */
const leaseOf = (ip: string, found: KeyValue | undefined): object =>
  ({ kind: 'Endpoints', apiVersion: 'v1', metadata: { generation: ((found?.value as KubeObject | undefined)?.metadata.generation ?? 0) + 1, creationTimestamp: null }, subsets: [{ addresses: [{ ip }] }] });

/** What is as it should be is left alone; a change is news, though the look was none. */
function compare(step: Step, ips: readonly string[], found: KeyValue | undefined): void {
  // Our own lease has just been renewed: none at all is a mistake.
  if (ips.length === 0) return;
  const slice = cached(step.state, slices, `${namespace}/${name}`) as EndpointSlice | undefined;
  const current = found?.value as Endpoints | undefined;
  if (current !== undefined && deepEqual(current.subsets, subsetsOf(ips)) && deepEqual(current.metadata.labels, endpointsLabels) && slice !== undefined && !isWrong(slice, ips)) return;
  step.effects.push(setTimer('own-endpoints', 0, { body: { ips, found } }));
}

/** Models endpointsadapter.go: Sync. */
export function writeOwnEndpoints(step: Step, { ips, found }: { readonly ips: readonly string[]; readonly found: KeyValue | undefined }): void {
  const current = found?.value as Endpoints | undefined;
  const creationTimestamp = formatTime(step.env.nowUs);
  const metadata = current?.metadata ?? {
    name, namespace, uid: newUid((bound) => step.env.random('own-endpoints', bound)), creationTimestamp,
    managedFields: [{ manager: 'kube-apiserver', operation: 'Update', apiVersion: 'v1', time: creationTimestamp, fieldsType: 'FieldsV1', fieldsV1: endpointsFields }],
  };
  const value = { apiVersion: 'v1', kind: 'Endpoints', metadata: { ...metadata, labels: endpointsLabels }, subsets: subsetsOf(ips) };
  if (current !== undefined && deepEqual(value, current)) return writeSlice(step, ips);
  compareAndWrite(step, { kind: 'own-endpoints', asked: 'write', ips, found }, ownEndpointsKey, found?.modRevision ?? 0, { op: 'put', key: ownEndpointsKey, value }, 0);
}

const subsetsOf = (ips: readonly string[]) => [{ addresses: ips.map((ip) => ({ ip })), ports }];
const endpointsLabels = { 'endpointslice.kubernetes.io/skip-mirror': 'true' };
const endpointsFields = { 'f:metadata': { 'f:labels': { '.': {}, 'f:endpointslice.kubernetes.io/skip-mirror': {} } }, 'f:subsets': {} };
const endpointsIn = (ips: readonly string[]) => ips.map((ip) => ({ addresses: [ip], conditions: { ready: true } }));
const isWrong = (slice: EndpointSlice, ips: readonly string[]): boolean => !deepEqual(slice.endpoints, endpointsIn(ips)) || !deepEqual(slice.ports, ports) || !deepEqual(slice.metadata.labels, sliceLabels);
const sliceLabels = { 'kubernetes.io/service-name': name };

function writeSlice(step: Step, ips: readonly string[]): void {
  const slice = cached(step.state, slices, `${namespace}/${name}`) as EndpointSlice | undefined;
  if (slice !== undefined && !isWrong(slice, ips)) return;
  const body = {
    apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata: { ...(slice?.metadata ?? { name, namespace }), labels: sliceLabels }, addressType: 'IPv4', endpoints: endpointsIn(ips), ports,
  };
  if (slice === undefined) create(step, ownRequest(step, servedAs(slices), { verb: 'create', namespace, body }, 'own-slice'));
  else change(step, ownRequest(step, servedAs(slices), { verb: 'update', namespace, name, body }, 'own-slice'));
}

/** The slice is written; or somebody else was first, and one looks again. */
export function ownSliceOn(step: Step, { code }: Finished): void {
  if (code === 409) step.effects.push(setTimer('own-lease', againUs));
}
