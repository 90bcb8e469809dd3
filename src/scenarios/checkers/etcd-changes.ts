import type { EtcdEvent } from '../../kubernetes/protocols/etcd.ts';
import type { CheckerRun } from './checker.ts';

interface Log { readonly size: number; get(index: number): EtcdEvent | undefined }
interface Store { readonly revision: number; readonly log: Log }

/** Calls `each` once for every change of etcd's content, in order, whoever made it, as soon as one member has it. */
export function onEtcdChange(each: (event: EtcdEvent) => string | undefined): CheckerRun {
  let revision = 0;
  let seen: unknown;
  return {
    afterStep(_address, program, state) {
      if (program !== 'etcd' || state === undefined) return undefined;
      const { store } = state as { store: Store };
      if (store === seen) return undefined;
      seen = store;
      const fresh: EtcdEvent[] = [];
      for (let i = store.log.size - 1; i >= 0; i -= 1) {
        const event = store.log.get(i)!;
        if (event.kv.modRevision <= revision) break;
        fresh.push(event);
      }
      revision = Math.max(revision, store.revision);
      for (const event of fresh.reverse()) {
        const problem = each(event);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}
