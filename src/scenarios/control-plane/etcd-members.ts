/** A small world for the tests of raft: members of one etcd, each on a machine of its own, and a client that writes down what it hears. */
import { PMap } from '../../simulation/collections/index.ts';
import { programs } from '../../cluster/registry.ts';
import type { EtcdState } from '../../cluster/etcd/etcd-state.ts';
import type { EtcdError, RangeResponse, TxnResponse, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import { openStream, request } from '../../simulation/process/effects.ts';
import type { Effect, Failure, ProcessDefinition, ProcessEvent } from '../../simulation/process/process.ts';
import { World } from '../../simulation/world.ts';
import { acknowledgedWritesStay } from '../checkers/acknowledged-writes-stay.ts';
import { membersAgree } from '../checkers/members-agree.ts';

interface Heard { readonly answers: PMap<string, string>; readonly frames: Readonly<Record<string, readonly string[]>> }

const said = (type: string, body: unknown): string => {
  if (type === 'etcd.Error') return (body as EtcdError).message;
  if (type === 'etcd.TxnResponse') return (body as TxnResponse).succeeded ? `written at ${(body as TxnResponse).revision}` : 'compare failed';
  if (type === 'etcd.RangeResponse') return (body as RangeResponse).kvs.map(({ key, value }) => `${key}=${String(value)}`).join(' ') || 'nothing';
  return type;
};

function step(heard: Heard, { type, kind, id, body }: ProcessEvent): [Heard, readonly Effect[]] {
  if (type === 'test.ask') {
    const { id: ownId, to, message } = body as { readonly id: string; readonly to: string; readonly message: { readonly type: string; readonly body: unknown } };
    return [heard, [message.type === 'etcd.Watch' ? openStream(ownId, to, message) : request(ownId, to, message, { timeoutUs: 20_000_000 })]];
  }
  if (kind === 'response') return [{ ...heard, answers: heard.answers.set(id, said(type, body)) }, []];
  if (kind === 'failure') return [{ ...heard, answers: heard.answers.set(id, (body as Failure).reason) }, []];
  const line = kind === 'stream-closed' ? [`closed: ${(body as Failure).reason}`] : type === 'etcd.Error' ? [(body as EtcdError).message] : (body as WatchResponse).events?.map(({ kv }) => `${kv.key}@${kv.modRevision}`) ?? [];
  return [{ ...heard, frames: { ...heard.frames, [id]: [...(heard.frames[id] ?? []), ...line] } }, []];
}

const client: ProcessDefinition<Heard> = {
  name: 'client',
  start: () => ({ snapshot: { value: 'listening', state: { answers: PMap(), frames: {} } }, effects: [] }),
  step(snapshot, event) {
    const [state, effects] = step(snapshot.state, event);
    return { snapshot: { value: 'listening', state }, effects };
  },
};

/** The world, with words for asking, for breaking, and for looking inside. Raft's promises are watched over all the time. */
export class EtcdMembers {
  readonly world: World;
  readonly addresses: readonly string[];
  broken: string | undefined;
  private asked = 0;

  constructor(count: number, seed = 1, options: { readonly snapshotCount?: number; readonly catchUpEntries?: number } = {}) {
    this.addresses = Array.from({ length: count }, (_, i) => `m${i + 1}/etcd`);
    const members = this.addresses.map((address) => ({ address, program: 'etcd', input: { members: this.addresses, ...options } }));
    this.world = new World({ seed, processes: [...members, { address: 'outside/client', program: 'client', input: {} }] }, {
      definitions: { ...programs.definitions, client: client as ProcessDefinition }, permits: (from, to, protocol) => from === 'client' || programs.permits(from, to, protocol),
    });
    const runs = [membersAgree, acknowledgedWritesStay].map((checker) => checker.begin(this.world));
    this.world.observe((address) => {
      const process = this.world.process(address)!;
      for (const run of runs) this.broken ??= run.afterStep?.(address, process.program, process.snapshot?.state);
    });
  }

  run(seconds: number): void { this.world.runUntil(this.world.nowUs + seconds * 1_000_000); }
  /** Runs until somebody leads, and gives their address. */
  elect(): string {
    this.world.runUntil(this.world.nowUs + 20_000_000, () => this.leader() !== undefined);
    const leader = this.leader();
    if (leader === undefined) throw new Error('nobody leads after 20 s');
    return leader;
  }
  /** Who leads with the newest term, and has the others' votes. */
  leader(): string | undefined {
    const leaders = this.addresses.filter((address) => this.member(address)?.raft.role === 'leader');
    return leaders.sort((a, b) => this.member(b)!.raft.term - this.member(a)!.raft.term)[0];
  }
  member(address: string): EtcdState | undefined { return this.world.process(address)!.snapshot?.state as EtcdState | undefined; }
  followers(): readonly string[] { const leader = this.leader(); return this.addresses.filter((address) => address !== leader); }

  crash(address: string): void { this.world.dispatch({ type: 'stop-process', address, crash: true }); }
  start(address: string): void { this.world.dispatch({ type: 'start-process', address }); }
  cut(address: string): void { this.world.dispatch({ type: 'partition', host: address.slice(0, address.indexOf('/')) }); }
  slow(address: string, delayMs: number): void {
    const host = address.slice(0, address.indexOf('/'));
    for (const [from, to] of [[host, '*'], ['*', host]] as const) this.world.dispatch({ type: 'change-link', from, to, delayUs: delayMs * 1_000, jitterUs: delayMs * 500 });
  }
  heal(address: string): void { this.world.dispatch({ type: 'heal', host: address.slice(0, address.indexOf('/')) }); }

  private tell(to: string, type: string, body: unknown): string {
    const id = `ask-${++this.asked}`;
    this.world.dispatch({ type: 'tell', to: 'outside/client', event: 'test.ask', body: { id, to, message: { type: `etcd.${type}`, body } } });
    return id;
  }
  /** Writes a key that must not be there yet. */
  create(to: string, key: string, value = key): string { return this.tell(to, 'Txn', { compare: [{ key, target: 'mod', equals: 0 }], success: [{ op: 'put', key, value }], failure: [] }); }
  put(to: string, key: string, value: string): string { return this.tell(to, 'Txn', { compare: [], success: [{ op: 'put', key, value }], failure: [] }); }
  read(to: string, key: string): string { return this.tell(to, 'Range', { key }); }
  watch(to: string, startRevision: number): string { return this.tell(to, 'Watch', { key: '/', rangeEnd: '0', startRevision, prevKv: false, progressNotify: false }); }
  grant(to: string, ttlSeconds: number): string { return this.tell(to, 'LeaseGrant', { ttlSeconds }); }
  putLeased(to: string, key: string, lease: number): string { return this.tell(to, 'Txn', { compare: [], success: [{ op: 'put', key, value: key, lease }], failure: [] }); }

  private get heard(): Heard { return this.world.process('outside/client')!.snapshot!.state as Heard; }
  answer(id: string): string | undefined { return this.heard.answers.get(id); }
  frames(id: string): readonly string[] { return this.heard.frames[id] ?? []; }
  /** Waits for an answer. */
  wait(id: string, seconds = 25): string | undefined {
    this.world.runUntil(this.world.nowUs + seconds * 1_000_000, () => this.answer(id) !== undefined);
    return this.answer(id);
  }
  /** How often the key was written, by what all of its member's history says. */
  versions(address: string, key: string): number { return this.member(address)!.store.log.toArray().filter(({ kv }) => kv.key === key).length; }
}
