import type { RaftEntry } from '../../kubernetes/protocols/etcd.ts';
import type { World } from '../../simulation/world.ts';
import type { Checker } from './checker.ts';

interface Log { readonly offset: number; readonly entries: { readonly size: number; get(index: number): RaftEntry | undefined } }
interface Member {
  readonly store: { readonly revision: number };
  readonly raft: { readonly role: string; readonly term: number; readonly commit: number; readonly applied: number; readonly log: Log; readonly peers: readonly string[] };
}

/** Raft's own promises: one leader at most in each term, and what is committed anywhere is committed for ever, everywhere the same, with the same effect. */
export const membersAgree: Checker = {
  name: 'members-agree',
  begin(world) {
    const leaders = new Map<number, string>();
    const committed: string[] = [];
    const revisions: number[] = [];
    const seen = new Map<string, { readonly commit: number; readonly incarnation: number }>();
    return {
      afterStep(address, program, state) {
        if (program !== 'etcd' || state === undefined) return undefined;
        const { store, raft } = state as Member;
        if (raft.peers.length === 0) return undefined;
        if (raft.role === 'leader') {
          const other = leaders.get(raft.term);
          if (other !== undefined && other !== address) return `${other} and ${address} both lead in term ${raft.term}`;
          leaders.set(raft.term, address);
        }
        const { incarnation } = world.process(address)!;
        const last = seen.get(address);
        if (last?.commit === raft.commit && last.incarnation === incarnation) return undefined;
        if (last !== undefined && raft.commit < last.commit) return `${address} had committed entry ${last.commit} and is back at ${raft.commit}`;
        seen.set(address, { commit: raft.commit, incarnation });
        for (let index = Math.max(raft.log.offset, last?.incarnation === incarnation ? last.commit : 0) + 1; index <= raft.commit; index += 1) {
          const { term, id } = raft.log.entries.get(index - raft.log.offset - 1)!;
          const entry = `${id === '' ? 'the empty entry' : id} of term ${term}`;
          if (committed[index] !== undefined && committed[index] !== entry) return `entry ${index} was committed as ${committed[index]}; at ${address} it is ${entry}`;
          committed[index] = entry;
        }
        const { applied } = raft;
        if (revisions[applied] !== undefined && revisions[applied] !== store.revision) return `after entry ${applied} one member is at revision ${revisions[applied]}, ${address} at ${store.revision}`;
        revisions[applied] = store.revision;
        return undefined;
      },
      atEnd: () => differentStores(world),
    };
  },
};

/** At rest every member that runs has applied the same. */
function differentStores(world: World): string | undefined {
  const members = world.processes().filter(({ program, running, host }) => program === 'etcd' && running && !world.isCutOff(host));
  const applied = members.map(({ address, snapshot }) => ({ address, applied: (snapshot!.state as Member).raft.applied }));
  const behind = applied.find((member) => member.applied !== applied[0]!.applied);
  return behind === undefined ? undefined : `${applied[0]!.address} has applied ${applied[0]!.applied} entries, ${behind.address} ${behind.applied}`;
}
