/** What is so in a running cluster, read from its processes: what etcd holds, what informers have heard, what runs on a node. */
import type { PMap } from '../simulation/collections/index.ts';
import { findResource, resourceOfKind, servedResources, type KubeObject, type Node, type ResourceInfo } from '../kubernetes/api/index.ts';
import type { ClientState } from '../kubernetes/client-go/client-state.ts';
import type { KeyValue } from '../kubernetes/protocols/etcd.ts';
import { directoryOf } from '../cluster/etcd/store.ts';
import { served } from '../cluster/kube-apiserver/served.ts';
import type { World } from '../simulation/world.ts';

/** etcd's newest state of each key, by directory. */
export type EtcdDirectories = PMap<string, PMap<string, KeyValue>>;
interface EtcdStore { readonly revision: number; readonly directories: EtcdDirectories }

/** What etcd holds, also while it is stopped: its disk keeps it. Of several members the one that has applied most speaks. */
export function etcdStore(world: World): EtcdStore | undefined {
  let newest: EtcdStore | undefined;
  for (const address of etcdAddresses(world)) {
    const member = world.process(address)!;
    const store = ((member.snapshot?.state ?? member.disk) as { readonly store: EtcdStore } | undefined)?.store;
    if (store !== undefined && (newest === undefined || store.revision > newest.revision)) newest = store;
  }
  return newest;
}

const membersOf = new WeakMap<World['spec'], readonly string[]>();

/** Where the members are; asked after every step of worlds with thousands of processes. */
function etcdAddresses({ spec }: World): readonly string[] {
  let known = membersOf.get(spec);
  if (known === undefined) membersOf.set(spec, known = spec.processes.filter(({ program }) => program === 'etcd').map(({ address }) => address));
  return known;
}

/** Where the objects of a resource lie in etcd. */
export const etcdPrefix = (resource: string): string => served.find(({ info }) => info.resource === resource)?.prefix ?? `/registry/${resource}/`;

/** Every stored object of a resource with its revision, in the order of keys. */
export function storedRows(world: World, resource: string): readonly KeyValue[] {
  const prefix = etcdPrefix(resource);
  const rows = etcdStore(world)?.directories.get(directoryOf(prefix));
  if (rows === undefined) return [];
  return [...rows.values()].filter((kv) => kv.key.startsWith(prefix)).sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Every stored object of a resource (without its resourceVersion, as etcd holds it), in the order of keys. */
export const stored = <T = KubeObject>(world: World, resource: string): readonly T[] => storedRows(world, resource).map((kv) => kv.value as T);

/** An object named as users name it. */
export interface ObjectRef { readonly info: ResourceInfo; readonly namespace: string; readonly name: string }

/** The resource that `pod`, `pods`, `po` or `Pod` names; throws on anything else. */
export function resourceNamed(word: string): ResourceInfo {
  const lower = word.toLowerCase();
  const info = findResource(lower) ?? resourceOfKind(word) ?? servedResources.find((one) => one.singular === lower || one.shortNames.includes(lower));
  if (info === undefined) throw new Error(`no resource is called ${word}`);
  return info;
}

/** Reads `pod/web`, or `pod/kube-system/web` outside the default namespace. */
export function parseRef(text: string, namespace = 'default'): ObjectRef {
  const [kind, ...rest] = text.split('/');
  if (kind === undefined || rest.length === 0 || rest.length > 2) throw new Error(`write pod/web or pod/namespace/web, not ${text}`);
  const info = resourceNamed(kind);
  return { info, namespace: info.namespaced ? (rest.length === 2 ? rest[0]! : namespace) : '', name: rest.at(-1)! };
}

export const etcdKey = ({ info, namespace, name }: ObjectRef): string => `${etcdPrefix(info.resource)}${namespace === '' ? '' : `${namespace}/`}${name}`;

/** The stored object, or undefined. A name ending in `*` finds the first that begins so. */
export function findStored(world: World, ref: ObjectRef): KeyValue | undefined {
  const directory = etcdStore(world)?.directories.get(directoryOf(etcdKey(ref)));
  if (!ref.name.endsWith('*')) return directory?.get(etcdKey(ref));
  const start = etcdKey({ ...ref, name: ref.name.slice(0, -1) });
  return storedRows(world, ref.info.resource).find((kv) => kv.key.startsWith(start));
}

/** The client of kube-apiserver that a process keeps in its state, where it has one. */
export function clientsOf(state: unknown): readonly ClientState[] {
  if (typeof state !== 'object' || state === null) return [];
  return Object.values(state).filter((value): value is ClientState => typeof value === 'object' && value !== null && Array.isArray((value as ClientState).informers) && 'limiters' in value);
}

export const condition = (object: unknown, type: string): { readonly status: string; readonly reason?: string; readonly message?: string } | undefined =>
  (object as { status?: { conditions?: readonly { type: string; status: string }[] } } | undefined)?.status?.conditions?.find((one) => one.type === type);

/** Is every machine of the world a Ready Node? */
export function allNodesReady(world: World): boolean {
  const wanted = world.spec.processes.reduce((count, process) => count + (process.program === 'kubelet' ? 1 : 0), 0);
  const nodes = stored<Node>(world, 'nodes');
  return nodes.length >= wanted && nodes.every((node) => condition(node, 'Ready')?.status === 'True' && !(node.spec.taints ?? []).some(({ key }) => key === 'node.kubernetes.io/not-ready'));
}

const notReady = (world: World): readonly string[] => [
  ...(allNodesReady(world) ? [] : stored<Node>(world, 'nodes').map((node) => `${node.metadata.name} Ready=${condition(node, 'Ready')?.status ?? 'absent'}`)),
  ...(findStored(world, parseRef('serviceaccount/default')) === undefined ? ['no default ServiceAccount'] : []),
];

/** Lets a new world run until all its Nodes take Pods and the first bustle is over, and says when that was; throws if that takes more than two minutes. */
export function bootstrap(world: World, limitUs = 120_000_000): number {
  let seen: unknown;
  let ready = false;
  world.runUntil(world.nowUs + limitUs, () => {
    const store = etcdStore(world);
    if (store === seen) return false;
    seen = store;
    ready = notReady(world).length === 0;
    return ready;
  });
  if (!ready) throw new Error(`the cluster is not up at ${world.nowUs / 1_000_000} s: ${notReady(world).join(', ')}`);
  runUntilQuiet(world, 1_000_000, 10_000_000);
  return world.nowUs;
}

/** Lets time pass until `quietUs` have gone by without news, or `limitUs` in all; heartbeats are no news. Says whether it is quiet. */
export function runUntilQuiet(world: World, quietUs: number, limitUs: number): boolean {
  const endUs = world.nowUs + limitUs;
  let lastNewsUs = world.nowUs;
  let seen = world.recorded;
  let quiet = false;
  const look = (): boolean => {
    for (; seen < world.recorded; seen += 1) {
      const record = world.record(seen)!;
      if (record.background) continue;
      const untilUs = record.what === 'message' ? record.arrivesAtUs : record.atUs;
      if (untilUs > lastNewsUs) lastNewsUs = untilUs;
    }
    quiet = (world.nextUs ?? Infinity) > lastNewsUs + quietUs;
    return quiet;
  };
  if (!look()) world.runUntil(endUs, look);
  if (quiet) world.runUntil(Math.min(endUs, lastNewsUs + quietUs));
  return quiet;
}
