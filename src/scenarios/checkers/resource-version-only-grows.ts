import { clientsOf } from '../cluster-view.ts';
import type { Informer } from '../../kubernetes/client-go/client-state.ts';
import type { Checker } from './checker.ts';

/** etcd's revision never goes back, and no informer that goes on watching ever hears an older resourceVersion than it knows. */
export const resourceVersionOnlyGrows: Checker = {
  name: 'resource-version-only-grows',
  begin(world) {
    const revisions = new Map<string, number>();
    const informers = new Map<string, { readonly incarnation: number; readonly informers: readonly Informer[] }>();
    return {
      afterStep(address, program, state) {
        if (state === undefined) return undefined;
        if (program === 'etcd') {
          const now = (state as { store: { revision: number } }).store.revision;
          const revision = revisions.get(address) ?? 0;
          if (now < revision) return `etcd at ${address} went from revision ${revision} back to ${now}`;
          revisions.set(address, now);
          return undefined;
        }
        const client = clientsOf(state)[0];
        const before = informers.get(address);
        if (client === undefined || before?.informers === client.informers) return undefined;
        const incarnation = world.process(address)!.incarnation;
        informers.set(address, { incarnation, informers: client.informers });
        if (before === undefined || before.incarnation !== incarnation) return undefined;
        for (const [index, informer] of client.informers.entries()) {
          const old = before.informers[index]!;
          if (old === informer || informer.resourceVersion === '' || old.resourceVersion === '') continue;
          if (Number(informer.resourceVersion) < Number(old.resourceVersion)) return `${address} knew ${informer.spec.resource} up to ${old.resourceVersion} and is back at ${informer.resourceVersion}`;
        }
        return undefined;
      },
    };
  },
};
