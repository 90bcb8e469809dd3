import type { CniState } from '../../cluster/cni/execute.ts';
import { addressAt } from '../../cluster/cni/host-local.ts';
import type { ContainerdState } from '../../cluster/containerd/runtime-state.ts';
import type { ApiServerState } from '../../cluster/kube-apiserver/state.ts';
import { controllers } from '../../cluster/kube-controller-manager/controllers/registry.ts';
import type { ManagerState } from '../../cluster/kube-controller-manager/work.ts';
import { healthWord } from '../../cluster/load-balancer/health-checks.ts';
import { nameOf, type BalancerState } from '../../cluster/load-balancer/balancer-state.ts';
import type { KubeProxyState } from '../../cluster/kube-proxy/proxier.ts';
import type { SchedulerState } from '../../cluster/kube-scheduler/state.ts';
import type { KubeletState } from '../../cluster/kubelet/kubelet-state.ts';
import type { KubectlState } from '../../cluster/kubectl/state.ts';
import type { ClientState, ElectionState } from '../../kubernetes/client-go/index.ts';
import { humanDuration } from '../../kubernetes/apimachinery/time.ts';
import type { FactTable } from '../port/fact-table.ts';

const mostRows = 40;

/** A table of readable length. */
export function factTable(title: string, columns: readonly string[], rows: readonly (readonly string[])[], note = ''): FactTable {
  return { title, note, columns, rows: rows.slice(0, mostRows), more: Math.max(0, rows.length - mostRows) };
}

const text = (value: number): string => String(value);
const ago = (us: number, nowUs: number): string => `${humanDuration(Math.max(0, nowUs - us))} ago`;
const until = (us: number, nowUs: number): string => (us <= nowUs ? 'due' : `in ${humanDuration(us - nowUs)}`);

/** What a client of the API server has in its caches, and which of its calls wait. */
function clientTables(client: ClientState): readonly FactTable[] {
  const caches = client.informers.map(({ spec, store, phase, resourceVersion, failures }) => [
    spec.resource, text(store.objects.size), phase, resourceVersion === '' ? '—' : resourceVersion, failures === 0 ? '' : text(failures), spec.fieldSelector ?? spec.labelSelector ?? '',
  ]);
  const waiting = client.limiters.filter((limiter) => limiter.waiting.size > 0).map(({ name, waiting: calls }) => [name === '' ? 'default' : name, text(calls.size)]);
  const pending = [...client.pending.values()].map(({ request, retried = 0 }) => [`${request.verb} ${request.resource}${request.subresource === undefined ? '' : `/${request.subresource}`}`, request.name ?? '', retried === 0 ? '' : text(retried)]);
  return [
    ...(caches.length > 0 ? [factTable('Caches', ['resource', 'objects', 'reflector', 'resource version', 'failures', 'only'], caches, 'What it has listed and now watches; it reads from here, never from etcd.')] : []),
    ...(pending.length > 0 ? [factTable('Calls not answered yet', ['call', 'object', 'sent again'], pending)] : []),
    ...(waiting.length > 0 ? [factTable('Calls held back by its own rate limit', ['client', 'calls'], waiting)] : []),
  ];
}

function electionTables({ lease, leading, identity, observed, observedAtUs }: ElectionState, nowUs: number): readonly FactTable[] {
  const holder = observed?.spec?.holderIdentity ?? '—';
  return [factTable('Leader election', ['lease', 'this one', 'holder', 'renewal seen', 'transitions'], [[
    `kube-system/${lease}`, leading ? 'leads' : 'stands by', holder === identity ? 'itself' : holder, observed === undefined ? '—' : ago(observedAtUs, nowUs), text(observed?.spec?.leaseTransitions ?? 0),
  ]])];
}

function managerTables({ client, election, controllers: states }: ManagerState, nowUs: number): readonly FactTable[] {
  const queues = states.map(({ queue, running }, index) => [controllers[index]!.name, text(queue.ready.size), text(running.size), text(queue.waiting.size), text(queue.failures.size)]);
  const later = states.flatMap(({ queue }, index) => [...queue.waiting].map(([key, dueUs]) => ({ row: [controllers[index]!.name, key, until(dueUs, nowUs), queue.failures.has(key) ? text(queue.failures.get(key)!) : ''], dueUs })));
  const work = states.flatMap(({ queue, running }, index) => [
    ...[...running.keys()].map((key) => [controllers[index]!.name, key, 'at work']),
    ...[...queue.ready].map((key) => [controllers[index]!.name, key, 'waits its turn']),
  ]);
  return [
    ...electionTables(election, nowUs),
    factTable('Work queues', ['controller', 'ready', 'at work', 'later', 'failing'], queues),
    ...(work.length > 0 ? [factTable('Keys in work', ['controller', 'key', 'now'], work)] : []),
    ...(later.length > 0 ? [factTable('Keys for later', ['controller', 'key', 'due', 'failures'], later.sort((a, b) => a.dueUs - b.dueUs).map(({ row }) => row))] : []),
    ...clientTables(client),
  ];
}

function schedulerTables({ client, election, cache, queue, binding }: SchedulerState, nowUs: number): readonly FactTable[] {
  const waiting = [...queue.pods].map(([key, pod]) => [key, pod.place, text(pod.attempts), ago(pod.timestampUs, nowUs), pod.plugins.join(', ')]);
  const nodes = [...cache.nodes].map((node) => [
    node.name, `${text(node.podCount)} of ${text(node.allowedPods)}`, `${text(node.requested.cpuMillis)}m of ${text(node.allocatable.cpuMillis)}m`, `${mebibytes(node.requested.memoryBytes)} of ${mebibytes(node.allocatable.memoryBytes)}`,
  ]);
  return [
    ...electionTables(election, nowUs),
    factTable('Scheduling queue', ['Pod', 'place', 'attempts', 'since', 'refused by'], waiting, waiting.length === 0 ? 'No Pod waits for a node.' : ''),
    ...(binding.size > 0 ? [factTable('Bindings under way', ['Pod', 'node'], [...binding].map(([key, { nodeName }]) => [key, nodeName]))] : []),
    factTable('Nodes as it counts them', ['node', 'Pods', 'cpu requested', 'memory requested'], nodes, 'Its own sums, with Pods it has placed but not seen bound yet.'),
    ...clientTables(client),
  ];
}

const mebibytes = (count: number): string => `${Math.round(count / (1024 * 1024))}Mi`;

function apiServerTables(state: ApiServerState): readonly FactTable[] {
  const caches = [...state.caches.values()].map(({ served, objects, phase, revision, recent, watchers, triggered }) => [
    served.info.resource, text(objects.size), phase, text(revision), text(recent.size), text(watchers.size + [...triggered.values()].reduce((sum, some) => sum + some.size, 0)),
  ]);
  return [
    factTable('Watch caches', ['resource', 'objects', 'state', 'revision', 'recent events', 'watchers'], caches, 'Lists and watches are served from here; only writes and exact reads go to etcd.'),
    ...(state.calls.size > 0 ? [factTable('Calls to etcd under way', ['for', 'calls'], countBy([...state.calls.values()].map(({ kind }) => kind)))] : []),
    ...(state.clusterIps.size > 0 ? [factTable('Cluster IPs given out', ['address', 'Service'], [...state.clusterIps].map(([ip, service]) => [ip, service]))] : []),
  ];
}

function countBy(names: readonly string[]): readonly (readonly string[])[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => [name, text(count)]);
}

function kubeletTables({ client, workers, node, relist }: KubeletState, nowUs: number): readonly FactTable[] {
  const all = [...workers.values()];
  const backOffs = all.flatMap(({ pod, restartBackOff, pullBackOff }) => [
    ...Object.entries(restartBackOff).map(([name, entry]) => [`${pod.metadata.namespace}/${pod.metadata.name}`, `restart of ${name}`, humanDuration(entry.delayUs), ago(entry.lastUpdateUs, nowUs)]),
    ...Object.entries(pullBackOff).map(([image, entry]) => [`${pod.metadata.namespace}/${pod.metadata.name}`, `pull of ${image}`, humanDuration(entry.delayUs), ago(entry.lastUpdateUs, nowUs)]),
  ]);
  return [
    factTable('Pod workers', ['Pod', 'stage', 'step', 'containers', 'status'], all.map(({ pod, stage, sync, runtime, statusVersion, sentVersion }) => [
      `${pod.metadata.namespace}/${pod.metadata.name}`, stage, sync?.step ?? '', text(runtime.containers.length), statusVersion === sentVersion ? 'reported' : 'to be reported',
    ]), all.length === 0 ? 'No Pod is on this node.' : ''),
    ...(backOffs.length > 0 ? [factTable('Back-offs', ['Pod', 'what', 'waits', 'last'], backOffs)] : []),
    factTable('Its node', ['status reported', 'runtime answered', 'last relist', 'network'], [[
      ago(node.reportedAtUs, nowUs), node.runtimeOkAtUs < 0 ? 'never' : ago(node.runtimeOkAtUs, nowUs), relist.done ? ago(relist.trueAtUs, nowUs) : 'not yet', node.networkReady ? 'ready' : 'not ready',
    ]]),
    ...clientTables(client),
  ];
}

/** What containerd has: sandboxes, containers, images. */
export function containerdTables({ sandboxes, containers, images, pulls }: Pick<ContainerdState, 'sandboxes' | 'containers' | 'images'> & Partial<Pick<ContainerdState, 'pulls'>>): readonly FactTable[] {
  const podOf = (sandboxId: string): string => sandboxes.get(sandboxId)?.shown.metadata.name ?? '—';
  return [
    factTable('Sandboxes', ['Pod', 'state', 'address', 'attempt', 'id'], [...sandboxes.values()].map(({ shown }) => [`${shown.metadata.namespace}/${shown.metadata.name}`, shown.state.slice(8).toLowerCase(), shown.ip === '' ? '—' : shown.ip, text(shown.metadata.attempt), shown.id.slice(0, 13)])),
    factTable('Containers', ['container', 'Pod', 'state', 'exit code', 'attempt', 'id'], [...containers.values()].map(({ shown }) => [
      shown.name, podOf(shown.podSandboxId), shown.state.slice(10).toLowerCase(), shown.state === 'CONTAINER_EXITED' ? `${shown.exitCode} ${shown.reason}`.trim() : '', text(shown.attempt), shown.id.slice(0, 13),
    ])),
    factTable('Images', ['image', 'size'], [...images].map(([name, { sizeBytes }]) => [name, mebibytes(sizeBytes)])),
    ...(pulls !== undefined && pulls.size > 0 ? [factTable('Downloads under way', ['image', 'size', 'asked for by'], [...pulls].map(([image, pull]) => [image, mebibytes(pull.sizeBytes), `${pull.requests.length} ${pull.requests.length === 1 ? 'request' : 'requests'}`]))] : []),
  ];
}

/** The packet rules of a node as kube-proxy wrote them. */
export const rulesTable = (rules: KubeProxyState['rules']): FactTable =>
  factTable('Packet rules', ['Service', 'cluster IP', 'goes to'], [...rules.values()].flat().map(({ service, clusterIP, port, protocol, endpoints }) => [
    service, `${clusterIP}:${port}/${protocol}`, endpoints.length === 0 ? 'nobody: rejected' : endpoints.map((one) => `${one.address}:${one.port}`).join(', '),
  ]), 'One endpoint is chosen at random for each connection.');

/** The node's part of the Pod network. */
export const networkTable = ({ podCidr, range, reservations }: CniState): FactTable =>
  factTable('Pod network', ['address', 'held by sandbox'], [...reservations.byOffset].sort(([a], [b]) => a - b).map(([offset, container]) => [addressAt(range, offset), container.slice(0, 13)]), `Pod CIDR ${podCidr}, gateway ${range.gateway}.`);

function balancerTables({ servers, connections }: BalancerState, nowUs: number): readonly FactTable[] {
  return [
    factTable('Servers', ['server', 'state', 'last check'], servers.map((server) => [nameOf(server), healthWord(server), server.found]), 'GET /readyz every 2 s; three in a row that fail take a server out, two that pass bring it back.'),
    factTable('Connections', ['client', 'server', 'since', 'open'], [...connections].map(([client, { server, sinceUs, open }]) => [client, nameOf(servers[server]!), ago(sinceUs, nowUs), text(open)]), 'A connection stays with its server until one end breaks it.'),
  ];
}

/** What a program knows, as tables; none for programs without any. */
export function programTables(program: string, state: unknown, nowUs: number): readonly FactTable[] {
  switch (program) {
    case 'kube-controller-manager': return managerTables(state as ManagerState, nowUs);
    case 'kube-scheduler': return schedulerTables(state as SchedulerState, nowUs);
    case 'kube-apiserver': return apiServerTables(state as ApiServerState);
    case 'kubelet': return kubeletTables(state as KubeletState, nowUs);
    case 'containerd': return containerdTables(state as ContainerdState);
    case 'cni': return [networkTable(state as CniState)];
    case 'kube-proxy': return [rulesTable((state as KubeProxyState).rules), ...clientTables((state as KubeProxyState).client)];
    case 'load-balancer': return balancerTables(state as BalancerState, nowUs);
    case 'kubectl': return clientTables((state as KubectlState).client);
    default: return [];
  }
}
