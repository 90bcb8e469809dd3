import type { TxnRequest, TxnResponse } from '../../kubernetes/protocols/etcd.ts';
import type { TraceRecord } from '../../simulation/recording/records.ts';

/** The trace as those need it who look for something in it. */
export interface Trace { readonly recorded: number; record(id: number): TraceRecord | undefined }

/** etcd's keys, each with the record of the transaction that wrote it last; found in one pass over the trace. */
export function lastWrites(trace: Trace): ReadonlyMap<string, number> {
  const writes = new Map<string, number>();
  const open = new Map<number, readonly string[]>();
  for (let id = 0; id < trace.recorded; id += 1) {
    const record = trace.record(id)!;
    if (record.what !== 'message') continue;
    if (record.type === 'etcd.Txn') {
      const keys = (record.body as TxnRequest).success.filter((op) => op.op !== 'range').map((op) => op.key);
      if (keys.length > 0) open.set(id, keys);
    } else if (record.type === 'etcd.TxnResponse' && (record.body as TxnResponse).succeeded) {
      // One that failed its compare wrote nothing.
      for (const key of open.get(record.conversation) ?? []) writes.set(key, record.conversation);
      open.delete(record.conversation);
    }
  }
  return writes;
}

/** The request to the API server that led to a transaction: whoever wanted the write. */
export function requestBehind(trace: Trace, id: number): number {
  for (let at = trace.record(id); at !== undefined; at = trace.record(at.causeId)) {
    if (at.what === 'message' && at.kind === 'request' && at.type.startsWith('api.')) return at.id;
  }
  return id;
}
