import type { EtcdEvent, TxnRequest, TxnResponse } from '../../kubernetes/protocols/etcd.ts';
import type { MessageRecord } from '../../simulation/recording/records.ts';
import { etcdStore } from '../cluster-view.ts';
import type { Checker } from './checker.ts';
import { onEtcdChange } from './etcd-changes.ts';

/** What etcd told a client is written is written: at that revision that key was changed, and no later state is without it. */
export const acknowledgedWritesStay: Checker = {
  name: 'acknowledged-writes-stay',
  begin(world) {
    const keyAt = new Map<number, string>();
    const claims: { readonly revision: number; readonly key: string }[] = [];
    const changes = onEtcdChange(({ kv }: EtcdEvent) => { keyAt.set(kv.modRevision, keyAt.has(kv.modRevision) ? '' : kv.key); return undefined; });
    let read = 0;
    const acknowledged = (): string | undefined => {
      for (; read < world.recorded; read += 1) {
        const record = world.record(read)!;
        if (record.what === 'message' && record.type === 'etcd.TxnResponse') claims.push(...claimOf(record, world.record(record.conversation) as MessageRecord));
      }
      for (const { revision, key } of claims.splice(0)) {
        const changed = keyAt.get(revision);
        if (changed !== undefined && changed !== '' && changed !== key) return `a write of ${key} was acknowledged at revision ${revision}, where ${changed} was written`;
        if (changed === undefined) return `a write of ${key} was acknowledged at revision ${revision}, which no member has`;
      }
      return undefined;
    };
    return {
      afterStep: (address, program, state) => (program === 'etcd' && state !== undefined ? changes.afterStep!(address, program, state) ?? acknowledged() : undefined),
      atEnd() {
        const newest = Math.max(0, ...keyAt.keys());
        const revision = etcdStore(world)?.revision ?? 0;
        return revision < newest ? `etcd is at revision ${revision}, but revision ${newest} was there` : undefined;
      },
    };
  },
};

function claimOf({ body }: MessageRecord, asked: MessageRecord): readonly { readonly revision: number; readonly key: string }[] {
  const { succeeded, revision, responses } = body as TxnResponse;
  const [op] = (asked.body as TxnRequest).success;
  const wrote = succeeded && op !== undefined && (op.op === 'put' || (op.op === 'delete' && (responses[0]?.deleted ?? 0) > 0));
  return wrote ? [{ revision, key: op.key }] : [];
}
