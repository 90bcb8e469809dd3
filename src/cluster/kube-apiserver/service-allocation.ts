/**
 * ClusterIPs and node ports, as all servers share them: an IPAddress object for each address, and a map of bits for all ports, both in etcd before the
 * Service is. Models pkg/registry/core/service/{ipallocator/ipallocator.go,portallocator/allocator.go,allocator/storage/storage.go} and storage/alloc.go.
 */
import type { KubeObject, Service, Status } from '../../kubernetes/api/index.ts';
import { invalid } from '../../kubernetes/apimachinery/field-errors.ts';
import { internalServerError, invalidError } from '../../kubernetes/apimachinery/status-errors.ts';
import { formatTime } from '../../kubernetes/apimachinery/time.ts';
import type { RangeResponse, TxnRequest, TxnResponse } from '../../kubernetes/protocols/etcd.ts';
import { firstNodePort, freeAddress, freePort } from './allocators.ts';
import { portsIn, portsWith, withoutPorts } from './port-range.ts';
import type { Call, Holding, Inflight, Reservation, Step } from './state.ts';
import { callEtcd, compareAndWrite, rangeKey } from './storage.ts';
import { newUid } from './uid.ts';

type Asked = Call & { readonly kind: 'reserve' };
type Released = Call & { readonly kind: 'release' };

const rangesKey = '/registry/ranges/servicenodeports';
export const addressesPrefix = '/registry/ipaddresses/';
export const allocatorName = 'ipallocator.k8s.io';
const addressKey = (ip: string): string => addressesPrefix + ip;
export const nothing: Holding = { ips: [], ports: [] };
export const isNothing = ({ ips, ports }: Holding): boolean => ips.length === 0 && ports.length === 0;
export const without = (a: Holding, b: Holding): Holding => ({ ips: a.ips.filter((ip) => !b.ips.includes(ip)), ports: a.ports.filter((port) => !b.ports.includes(port)) });

export function holdingOf({ spec: { type, clusterIP, clusterIPs, ports = [] } }: Service): Holding {
  const ips = type === 'ExternalName' ? [] : clusterIPs ?? [clusterIP ?? ''];
  return { ips: ips.filter((ip) => ip !== '' && ip !== 'None'), ports: ports.flatMap(({ nodePort }) => (nodePort ? [nodePort] : [])) };
}

/** Asks etcd for the next of what is left; true when nothing is. */
export function reserve(step: Step, inflight: Inflight, reservation: Reservation): boolean {
  const { left: { ips, ports }, object } = reservation;
  const call = (asked: Asked['asked']): Asked => ({ kind: 'reserve', inflight, reservation, asked });
  if (ips[0] !== undefined) compareAndWrite(step, call('address'), addressKey(ips[0]), 0, { op: 'put', key: addressKey(ips[0]), value: ipAddress(step, object, ips[0]) }, 100);
  else if (ports[0] !== undefined) rangeKey(step, call('ports'), rangesKey);
  else return true;
  return false;
}

/** Models ipallocator.go: createIPAddress. */
function ipAddress(step: Step, { metadata: { name, namespace } }: Service, ip: string): KubeObject {
  const object = {
    apiVersion: 'networking.k8s.io/v1', kind: 'IPAddress',
    metadata: { name: ip, uid: newUid((bound) => step.env.random('ip-address', bound)), creationTimestamp: formatTime(step.env.nowUs), labels: { 'ipaddress.kubernetes.io/ip-family': 'IPv4', 'ipaddress.kubernetes.io/managed-by': allocatorName } },
    spec: { parentRef: { resource: 'services', namespace, name } },
  };
  const { creationTimestamp: time } = object.metadata;
  return { ...object, metadata: { ...object.metadata, managedFields: [{ manager: 'kube-apiserver', operation: 'Update', apiVersion: object.apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: addressFields }] } } as KubeObject;
}

const addressFields = {
  'f:metadata': { 'f:labels': { '.': {}, 'f:ipaddress.kubernetes.io/ip-family': {}, 'f:ipaddress.kubernetes.io/managed-by': {} } }, 'f:spec': { 'f:parentRef': { '.': {}, 'f:name': {}, 'f:namespace': {}, 'f:resource': {} } },
};

/** etcd has answered: on with the next, with another one, or not at all. */
export function reserved(step: Step, { inflight, reservation, asked }: Asked, answer: RangeResponse | TxnResponse): { readonly reserved: Reservation } | { readonly refuse: Status } | undefined {
  if (asked === 'address') return (answer as TxnResponse).succeeded ? next(step, inflight, taken(reservation)) : another(step, inflight, reservation, []);
  if (asked === 'ports') {
    const [kv] = (answer as RangeResponse).kvs;
    const ports = kv === undefined ? [] : portsIn(kv.value);
    const port = reservation.left.ports[0]!;
    if (ports.includes(port)) return another(step, inflight, reservation, ports);
    compareAndWrite(step, { kind: 'reserve', inflight, reservation, asked: 'port' }, rangesKey, kv?.modRevision ?? 0, { op: 'put', key: rangesKey, value: portsWith([...ports, port]) }, 100);
    return undefined;
  }
  // Another server wrote in between: the map is read again.
  return next(step, inflight, (answer as TxnResponse).succeeded ? taken(reservation) : reservation);
}

function next(step: Step, inflight: Inflight, reservation: Reservation) {
  return reserve(step, inflight, reservation) ? { reserved: reservation } : undefined;
}

/** The first of what is left is held. */
function taken(reservation: Reservation): Reservation {
  const { left: { ips: [ip, ...ips], ports }, held } = reservation;
  if (ip !== undefined) return { ...reservation, left: { ips, ports }, held: { ...held, ips: [...held.ips, ip] } };
  return { ...reservation, left: { ips: [], ports: ports.slice(1) }, held: { ...held, ports: [...held.ports, ports[0]!] } };
}

/** Somebody else has it. */
function another(step: Step, inflight: Inflight, reservation: Reservation, taken: readonly number[]) {
  const { object, left: { ips, ports }, fixed } = reservation;
  const [ip] = ips;
  const refuse = (field: string, value: unknown, detail: string) => ({ refuse: invalidError({ group: '', kind: 'Service' }, object.metadata.name, [invalid(field, value, detail)]) });
  if (ip !== undefined) {
    if (fixed.ips.includes(ip)) return refuse('spec.clusterIPs', object.spec.clusterIPs, `failed to allocate IP ${ip}: provided IP is already allocated`);
    const other = freeAddress(step, ip);
    if (other === undefined) return { refuse: internalServerError('failed to allocate a serviceIP: range is full') };
    return next(step, inflight, { ...reservation, object: { ...object, spec: { ...object.spec, clusterIP: other, clusterIPs: [other] } }, left: { ips: [other], ports } });
  }
  const port = ports[0]!;
  const index = object.spec.ports!.findIndex(({ nodePort }) => nodePort === port);
  if (fixed.ports.includes(port)) return refuse(`spec.ports[${index}].nodePort`, port, 'provided port is already allocated');
  const other = freePort(step, new Set([...taken, ...ports]));
  if (other < firstNodePort) return { refuse: internalServerError('failed to allocate a nodePort: range is full') };
  return next(step, inflight, { ...reservation, object: { ...object, spec: { ...object.spec, ports: object.spec.ports!.map((one, at) => (at === index ? { ...one, nodePort: other } : one)) } }, left: { ips, ports: [other, ...ports.slice(1)] } });
}

/** Gives back what nobody holds any more; true when nothing is left to be given back. Who waits for it hears no failure of it, as upstream only logs one. */
export function release(step: Step, held: Holding, removal?: Released['removal']): boolean {
  const { ips: [ip, ...ips], ports } = held;
  if (ip !== undefined) callEtcd(step, { kind: 'release', held: { ips, ports }, removal, asked: 'address' }, 'Txn', { compare: [], success: [{ op: 'delete', key: addressKey(ip) }], failure: [] } satisfies TxnRequest);
  else if (ports.length > 0) rangeKey(step, { kind: 'release', held, removal, asked: 'ports' }, rangesKey);
  else return true;
  return false;
}

/** etcd has answered: true when all is given back. */
export function released(step: Step, { held, removal, asked }: Released, answer: RangeResponse | TxnResponse): boolean {
  if (asked === 'address') return release(step, held, removal);
  if (asked === 'port') return (answer as TxnResponse).succeeded || release(step, held, removal);
  const [kv] = (answer as RangeResponse).kvs;
  if (kv === undefined) return true;
  compareAndWrite(step, { kind: 'release', held, removal, asked: 'port' }, rangesKey, kv.modRevision, { op: 'put', key: rangesKey, value: withoutPorts(kv.value, held.ports) }, 100);
  return false;
}
