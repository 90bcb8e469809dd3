import { findResource, type KubeObject, type Status } from '../../kubernetes/api/index.ts';
import type { ApiRequest, ApiResponse, WatchFrame } from '../../kubernetes/protocols/api.ts';
import type { CniRequest } from '../../kubernetes/protocols/cni.ts';
import type { RunPodSandboxRequest } from '../../kubernetes/protocols/cri.ts';
import type { TxnRequest } from '../../kubernetes/protocols/etcd.ts';
import type { TraceRecord } from '../../simulation/recording/records.ts';
import { objectRowKey } from './object-rows.ts';

interface EventBody { readonly involvedObject?: Named; readonly regarding?: Named }
interface Named { readonly kind?: string; readonly namespace?: string; readonly name?: string }

const keyOf = ({ kind, namespace, name }: Named): string | undefined => (kind === undefined || name === undefined ? undefined : `object/${kind}/${kind === 'Node' ? '' : namespace ?? ''}/${name}`);

/** The object that an Event is about, by the name of its row. */
export const keyOfInvolved = (event: unknown): string | undefined => keyOf((event as EventBody).involvedObject ?? (event as EventBody).regarding ?? {});

function keyOfObject(object: KubeObject | Status | undefined): string | undefined {
  if (object === undefined || object.kind === 'Status' || (object as KubeObject).metadata?.name === undefined) return undefined;
  return object.kind === 'Event' ? keyOfInvolved(object) : objectRowKey(object as KubeObject);
}

function keyOfRequest(request: ApiRequest): string | undefined {
  if (request.verb === 'discover') return undefined;
  const body = request.body as (KubeObject & EventBody) | undefined;
  if (request.resource === 'events') return body === undefined ? undefined : keyOfInvolved(body);
  const kind = findResource(request.resource)?.kind;
  const name = request.name ?? body?.metadata?.name;
  return kind === undefined || name === undefined || name === '' ? undefined : `object/${kind}/${request.namespace ?? ''}/${name}`;
}

/** The key of the row of the object that a record speaks of, where it names one. */
export function aboutOf(record: TraceRecord): string | undefined {
  if (record.what !== 'message') return undefined;
  const { type, body } = record;
  if (type === 'api.response') return keyOfObject((body as ApiResponse).body as KubeObject);
  if (type.startsWith('api.')) return keyOfRequest(body as ApiRequest);
  if (type.startsWith('watch.')) return keyOfObject((body as WatchFrame | undefined)?.object);
  if (type === 'etcd.Txn') {
    const put = (body as TxnRequest).success.find((op) => op.op === 'put');
    return put?.op === 'put' ? keyOfObject(put.value as KubeObject) : undefined;
  }
  if (type === 'cri.RunPodSandbox') return keyOf({ kind: 'Pod', ...(body as RunPodSandboxRequest).metadata });
  if (type === 'cni.ADD' || type === 'cni.DEL') return keyOf({ kind: 'Pod', namespace: (body as CniRequest).podNamespace, name: (body as CniRequest).podName });
  return undefined;
}
