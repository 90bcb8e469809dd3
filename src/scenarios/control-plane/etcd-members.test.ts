import { describe, expect, test } from 'vitest';
import { EtcdMembers } from './etcd-members.ts';

const settled = (cluster: EtcdMembers): void => { cluster.run(3); expect(cluster.broken).toBeUndefined(); };
const applied = (cluster: EtcdMembers): readonly (number | undefined)[] => cluster.addresses.map((address) => cluster.member(address)?.raft.applied);

test.each([1, 3, 5])('%i members elect one leader, and any of them takes a write that all then have', (count) => {
  const cluster = new EtcdMembers(count);
  const leader = cluster.elect();
  cluster.run(1);
  expect(cluster.leader()).toBe(leader);
  for (const address of cluster.addresses) expect(cluster.wait(cluster.create(address, `/k/${address}`))).toMatch(/^written at/);
  settled(cluster);
  for (const address of cluster.addresses) for (const other of cluster.addresses) expect(cluster.wait(cluster.read(address, `/k/${other}`))).toBe(`/k/${other}=/k/${other}`);
});

test('a member alone sends nothing', () => {
  const cluster = new EtcdMembers(1);
  cluster.run(60);
  expect(cluster.world.recordsBetween(0).filter((record) => record.what === 'message')).toEqual([]);
});

test('the leader dies in the middle of 1,000 concurrent writes: none that was acknowledged is lost, none is applied twice', () => {
  const cluster = new EtcdMembers(3, 7);
  const first = cluster.elect();
  cluster.run(1);
  const asked: { readonly key: string; readonly id: string }[] = [];
  for (let n = 0; n < 1_000; n += 1) {
    const key = `/w/${n}`;
    asked.push({ key, id: cluster.put(cluster.addresses[n % 3]!, key, `${n}`) });
    if (n % 50 === 0) cluster.run(0.002);
    if (n === 500) cluster.crash(first);
  }
  cluster.run(3);
  const second = cluster.elect();
  expect(second).not.toBe(first);
  cluster.start(first);
  cluster.run(20);
  settled(cluster);
  const acknowledged = asked.filter(({ id }) => cluster.answer(id)!.startsWith('written'));
  expect(acknowledged.length).toBeGreaterThan(300);
  expect(acknowledged.length).toBeLessThan(1_000);
  for (const address of cluster.addresses) {
    expect(acknowledged.filter(({ key }) => cluster.versions(address, key) !== 1)).toEqual([]);
    expect(asked.filter(({ key }) => cluster.versions(address, key) > 1)).toEqual([]);
  }
  expect(new Set(applied(cluster)).size).toBe(1);
  const refused = new Set(asked.map(({ id }) => cluster.answer(id)!.replace(/\d+$/, '#')));
  expect([...refused].sort()).toEqual(['connection refused', 'connection reset', 'etcdserver: request timed out, possibly due to previous leader failure', 'written at #']);
});

test('two of three down: writes and reads are refused, watches end, and all goes on when one is back', () => {
  const cluster = new EtcdMembers(3, 2);
  const leader = cluster.elect();
  cluster.run(1);
  cluster.wait(cluster.create(leader, '/a', 'one'));
  const watch = cluster.watch(leader, 1);
  for (const address of cluster.followers()) cluster.crash(address);
  const [write, read] = [cluster.put(leader, '/a', 'two'), cluster.read(leader, '/a')];
  cluster.run(2);
  expect(cluster.leader()).toBeUndefined();
  const later = cluster.create(leader, '/b');
  expect(cluster.wait(write)).toBe('etcdserver: request timed out');
  expect(cluster.wait(read)).toBe('etcdserver: request timed out');
  expect(cluster.wait(later)).toBe('etcdserver: request timed out');
  expect(cluster.frames(watch)).toEqual(['/a@2', 'etcdserver: no leader', 'closed: closed']);
  const refused = cluster.watch(leader, 3);
  cluster.run(0.1);
  expect(cluster.frames(refused)).toEqual(['etcdserver: no leader', 'closed: closed']);
  const drained = cluster.create(leader, '/c');
  cluster.start(cluster.addresses.find((address) => address !== leader)!);
  expect(cluster.wait(drained)).toMatch(/^written/);
  expect(cluster.wait(cluster.read(leader, '/c'))).toBe('/c=/c');
  settled(cluster);
});

test('of five members two may go and all goes on; with a third gone nothing is written or read until one of them is back', () => {
  const cluster = new EtcdMembers(5, 8);
  const first = cluster.elect();
  cluster.run(1);
  expect(cluster.wait(cluster.create(first, '/a'))).toMatch(/^written/);
  const [second] = cluster.followers();
  cluster.crash(first);
  cluster.crash(second!);
  cluster.run(3);
  const leader = cluster.elect();
  expect([first, second]).not.toContain(leader);
  expect(cluster.wait(cluster.create(leader, '/b'))).toMatch(/^written/);
  const [one, other] = cluster.addresses.filter((address) => ![first, second, leader].includes(address));
  expect(cluster.wait(cluster.read(one!, '/b'))).toBe('/b=/b');
  cluster.crash(leader);
  cluster.run(3);
  expect(cluster.leader()).toBeUndefined();
  const [write, read] = [cluster.create(one!, '/c'), cluster.read(other!, '/b')];
  expect([cluster.wait(write), cluster.wait(read)]).toEqual(['etcdserver: request timed out', 'etcdserver: request timed out']);
  cluster.start(first);
  cluster.elect();
  expect(cluster.wait(cluster.create(first, '/d'))).toMatch(/^written/);
  expect(cluster.wait(cluster.read(first, '/b'))).toBe('/b=/b');
  for (const address of [second!, leader]) cluster.start(address);
  settled(cluster);
  expect(new Set(applied(cluster)).size).toBe(1);
});

describe('a slow machine', () => {
  /** How many milliseconds it takes to write a key. */
  const writeMs = (cluster: EtcdMembers, at: string, key: string): number => {
    const beganUs = cluster.world.nowUs;
    expect(cluster.wait(cluster.create(at, key))).toMatch(/^written/);
    return (cluster.world.nowUs - beganUs) / 1_000;
  };

  test('a slow follower: the majority of the others commits as fast as ever, and it has all in its own time', () => {
    const cluster = new EtcdMembers(3, 9);
    const leader = cluster.elect();
    cluster.run(1);
    const usual = writeMs(cluster, leader, '/a');
    const slow = cluster.followers()[0]!;
    cluster.slow(slow, 400);
    expect(writeMs(cluster, leader, '/b')).toBeLessThan(usual + 10);
    expect(cluster.member(slow)!.store.revision).toBe(2);
    // Asked of itself it has to pass the write on to the leader and to hear that it is committed.
    expect(writeMs(cluster, slow, '/c')).toBeGreaterThan(800);
    cluster.run(30);
    expect(cluster.leader()).toBe(leader);
    expect(cluster.member(slow)!.store.revision).toBe(4);
    cluster.slow(slow, 0);
    expect(writeMs(cluster, slow, '/d')).toBeLessThan(usual + 10);
    settled(cluster);
  });

  test('a slow leader slows every write, and leads on while its heartbeats come within the others\' patience', () => {
    const cluster = new EtcdMembers(3, 9);
    const leader = cluster.elect();
    cluster.run(1);
    const { term } = cluster.member(leader)!.raft;
    cluster.slow(leader, 300);
    expect(writeMs(cluster, leader, '/a')).toBeGreaterThan(600);
    cluster.run(30);
    expect([cluster.leader(), cluster.member(leader)!.raft.term]).toEqual([leader, term]);
    expect(writeMs(cluster, leader, '/b')).toBeGreaterThan(600);
    settled(cluster);
  });

  test('a leader slower than the others\' patience is one no longer, and hears of it: the others elect another, and writes are fast', () => {
    const cluster = new EtcdMembers(5, 9);
    const old = cluster.elect();
    cluster.run(1);
    const { term } = cluster.member(old)!.raft;
    cluster.slow(old, 3_000);
    cluster.run(8);
    const leader = cluster.leader()!;
    expect(leader).not.toBe(old);
    expect(cluster.member(leader)!.raft.term).toBeGreaterThan(term);
    expect(cluster.member(old)!.raft.role).not.toBe('leader');
    expect(writeMs(cluster, leader, '/a')).toBeLessThan(30);
    cluster.run(30);
    expect(cluster.leader()).toBe(leader);
    cluster.slow(old, 0);
    settled(cluster);
    expect(new Set(applied(cluster)).size).toBe(1);
  });
});

test('a read never tells less than what was acknowledged before it, wherever it is asked', () => {
  const cluster = new EtcdMembers(3, 3);
  const leader = cluster.elect();
  cluster.run(1);
  for (let n = 0; n < 20; n += 1) {
    expect(cluster.wait(cluster.put(cluster.addresses[n % 3]!, '/a', `${n}`))).toMatch(/^written/);
    expect(cluster.wait(cluster.read(cluster.addresses[(n + 1) % 3]!, '/a'))).toBe(`/a=${n}`);
  }
  cluster.cut(leader);
  const stale = cluster.read(leader, '/a');
  cluster.run(3);
  const next = cluster.followers().find((address) => address !== leader && cluster.member(address)!.raft.role === 'leader') ?? cluster.leader()!;
  expect(next).not.toBe(leader);
  cluster.heal(leader);
  cluster.run(0.5);
  expect(cluster.answer(stale) ?? 'etcdserver: leader changed').toBe('etcdserver: leader changed');
  settled(cluster);
});

test('one who was cut off comes back without disturbing anybody, and what it alone wrote is gone', () => {
  const cluster = new EtcdMembers(3, 4);
  const old = cluster.elect();
  cluster.run(1);
  cluster.cut(old);
  cluster.run(4);
  const leader = cluster.leader()!;
  const { term } = cluster.member(leader)!.raft;
  expect(leader).not.toBe(old);
  expect(cluster.wait(cluster.create(leader, '/new'))).toMatch(/^written/);
  cluster.run(30);
  cluster.heal(old);
  settled(cluster);
  expect(cluster.addresses.map((address) => cluster.member(address)!.raft.term)).toEqual([term, term, term]);
  expect(cluster.wait(cluster.read(old, '/new'))).toBe('/new=/new');
});

describe('who lags behind', () => {
  test('catches up from the log, or from a snapshot where the log has forgotten; its watchers miss nothing', () => {
    const cluster = new EtcdMembers(3, 5, { snapshotCount: 100, catchUpEntries: 20 });
    const leader = cluster.elect();
    cluster.run(1);
    const slow = cluster.followers()[0]!;
    const watch = cluster.watch(slow, 1);
    cluster.run(0.1);
    cluster.cut(slow);
    for (let n = 0; n < 300; n += 1) cluster.put(leader, `/k/${n % 7}`, `${n}`);
    cluster.run(1.5);
    cluster.heal(slow);
    settled(cluster);
    expect(cluster.world.recordsBetween(0).filter((record) => record.what === 'message' && record.type === 'raft.MsgSnap').length).toBeGreaterThan(0);
    expect(new Set(applied(cluster)).size).toBe(1);
    expect(cluster.frames(watch).map((frame) => Number(frame.split('@')[1]))).toEqual(Array.from({ length: 300 }, (_, n) => n + 2));
  });

  test('a member that restarts has everything again', () => {
    const cluster = new EtcdMembers(3, 6);
    const leader = cluster.elect();
    cluster.run(1);
    for (let n = 0; n < 20; n += 1) cluster.put(leader, `/k/${n}`, `${n}`);
    cluster.run(1);
    for (const address of cluster.addresses) cluster.crash(address);
    for (const address of cluster.addresses) cluster.start(address);
    cluster.elect();
    settled(cluster);
    expect(cluster.wait(cluster.read(cluster.addresses[0]!, '/k/19'))).toBe('/k/19=19');
  });
});

test('a watch from a revision that its member has not reached yet hears nothing older', () => {
  const cluster = new EtcdMembers(3, 8);
  const leader = cluster.elect();
  cluster.run(1);
  const slow = cluster.followers()[0]!;
  cluster.cut(slow);
  for (let n = 0; n < 5; n += 1) cluster.wait(cluster.put(leader, '/a', `${n}`));
  const watch = cluster.watch(slow, 5);
  cluster.heal(slow);
  settled(cluster);
  expect(cluster.frames(watch)).toEqual(['/a@5', '/a@6']);
});

test('leases end by the leader alone, with their full time after an election', () => {
  const cluster = new EtcdMembers(3, 9);
  const leader = cluster.elect();
  cluster.run(1);
  expect(cluster.wait(cluster.grant(cluster.followers()[0]!, 10))).toBe('etcd.LeaseGrantResponse');
  cluster.wait(cluster.putLeased(leader, '/leased', 1));
  cluster.run(6);
  cluster.crash(leader);
  const next = cluster.elect();
  cluster.run(9);
  expect(cluster.wait(cluster.read(next, '/leased'))).toBe('/leased=/leased');
  cluster.run(2);
  expect(cluster.wait(cluster.read(next, '/leased'))).toBe('nothing');
  settled(cluster);
});
