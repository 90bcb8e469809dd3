import type { DecisionTable } from '../../../cluster/kube-scheduler/kube-scheduler.ts';
import type { Deployment, Node, Pod, ReplicaSet } from '../../../kubernetes/api/index.ts';
import { bytes, cpuMillis, formatBytes, formatMillis } from '../../../kubernetes/apimachinery/quantity.ts';
import type { NodeRow, PodRow } from '../../port/rows.ts';
import type { Remedy } from '../../port/why.ts';
import { objectRow, objectRowKey } from '../object-rows.ts';
import { hindranceOf, ownHindrance, scheduler } from './ability.ts';
import { amended, sourceOf } from './amend.ts';
import { plural, quoted, verdict, type Scene, type Verdict } from './scene.ts';

const nameOf = ({ metadata: { namespace = '', name } }: Pod): string => `${namespace}/${name}`;

/** A Pod that no node has been chosen for. */
export function whyUnscheduled(scene: Scene, pod: Pod): Verdict {
  const condition = pod.status?.conditions?.find(({ type }) => type === 'PodScheduled');
  const name = pod.metadata.name;
  if (condition?.reason === 'SchedulingGated') {
    return verdict('bad', `${name} is not scheduled: ${quoted(condition.message)}. It waits until its scheduling gates are removed.`, [scene.said(pod, `PodScheduled is ${condition.status}, reason ${condition.reason}`)]);
  }
  const asked = pod.spec.schedulerName;
  if (asked !== undefined && asked !== 'default-scheduler') return verdict('bad', `${name} asks for a scheduler called “${asked}”, and none of that name runs here.`, [scene.said(pod, `spec.schedulerName: ${asked}`)]);
  const hindrance = hindranceOf(scene, scheduler);
  if (hindrance !== undefined) {
    const before = condition?.status === 'False' ? ` Before, the scheduler said ${quoted(condition.message)}.` : '';
    return verdict('bad', `${name} has no node because nobody can choose one: ${hindrance.text}.${before}`, hindrance.evidence, hindrance.remedies);
  }
  if (condition?.status !== 'False') return verdict('waiting', `${name} was created a moment ago: the scheduler is about to choose a node for it.`, [scene.said(pod, 'spec.nodeName is not set yet')]);
  const note = lastAttempt(scene, pod);
  return verdict('bad', `No node takes ${name}: ${quoted(condition.message)}.`, [
    scene.said(pod, `PodScheduled is False, reason ${condition.reason ?? ''}`), scene.eventSaid(scene.event(pod, 'FailedScheduling')),
    note === undefined ? undefined : scene.backed('The scheduler’s decision, plugin by node', note.id), ...(note?.table.nodes ?? []).map(({ node, reasons = [] }) => scene.backed(`${node}: ${reasons.join(', ')}`, note!.id, `object/Node//${node}`)),
  ], note === undefined ? [] : remediesFor(scene, pod, note.table));
}

/** The scheduler's newest failed attempt, with its table. */
function lastAttempt(scene: Scene, pod: Pod): { readonly id: number; readonly table: DecisionTable } | undefined {
  const id = scene.lastRecord((record) => record.what === 'note' && record.note.name === 'unschedulable' && (record.note.detail as DecisionTable | undefined)?.pod === nameOf(pod));
  const record = id === undefined ? undefined : scene.record(id);
  return record?.what === 'note' ? { id: record.id, table: record.note.detail as DecisionTable } : undefined;
}

interface Room { readonly node: string; readonly cpuMillis: number; readonly memoryBytes: number }

function remediesFor(scene: Scene, pod: Pod, { nodes }: DecisionTable): readonly (Remedy | undefined)[] {
  const refusedFor = (part: RegExp): readonly string[] => nodes.filter(({ reasons = [] }) => reasons.some((reason) => part.test(reason))).map(({ node }) => node);
  const short = refusedFor(/^Insufficient (cpu|memory)$/);
  return [
    ...refusedFor(/were unschedulable/).filter((node) => scene.find<Node>('Node', '', node)?.spec?.unschedulable === true).map((node): Remedy => ({
      title: `Uncordon ${node}`, explanation: `${node} is cordoned: it takes no new Pods. kubectl uncordon lets it take some again.`, command: { type: 'uncordon-node', node },
    })),
    ...refusedFor(/untolerated taint/).flatMap((node) => ownHindrance(scene, `${node}/kubelet`)?.remedies ?? hindranceOf(scene, `${node}/kubelet`)?.remedies ?? []),
    ...(refusedFor(/node affinity\/selector/).length > 0 ? [withoutSelector(scene, pod)] : []),
    ...(short.length > 0 ? [withLess(scene, pod, short.map((node) => roomOn(scene, node))), withRoomMade(scene, pod, short)] : []),
  ];
}

function withoutSelector(scene: Scene, pod: Pod): Remedy | undefined {
  const wanted = Object.entries(pod.spec.nodeSelector ?? {}).map(([key, value]) => `${key}=${value}`).join(', ');
  const made = amended(scene, pod, false, ({ nodeSelector: _selector, affinity: { nodeAffinity: _affinity, ...affinity } = {}, ...spec }) => ({ ...spec, ...(Object.keys(affinity).length > 0 && { affinity }) }));
  return made && { title: 'Ask for any node', explanation: `${wanted === '' ? 'Its node affinity' : `Its nodeSelector (${wanted})`} is left out. ${made.how}`, command: made.command };
}

const podsOn = (scene: Scene, node: string): readonly PodRow[] => [...scene.rows.values()].filter((row): row is PodRow => row.type === 'pod' && row.node === node && row.phase !== 'Succeeded' && row.phase !== 'Failed');

/** What is allocatable on a node and not requested yet. */
function roomOn(scene: Scene, node: string): Room {
  const row = scene.rows.get(`object/Node//${node}`) as NodeRow | undefined;
  const sum = (of: (pod: PodRow) => number): number => podsOn(scene, node).reduce((total, pod) => total + of(pod), 0);
  return { node, cpuMillis: (row?.cpuMillis ?? 0) - sum((pod) => pod.cpuMillis), memoryBytes: (row?.memoryBytes ?? 0) - sum((pod) => pod.memoryBytes) };
}

const fits = (pod: Pick<PodRow, 'cpuMillis' | 'memoryBytes'>, room: Room): boolean => pod.cpuMillis <= room.cpuMillis && pod.memoryBytes <= room.memoryBytes;

/** Requests cut down to what the roomiest node has left, all containers in proportion. */
function withLess(scene: Scene, pod: Pod, rooms: readonly Room[]): Remedy | undefined {
  const best = [...rooms].sort((a, b) => b.cpuMillis - a.cpuMillis || b.memoryBytes - a.memoryBytes)[0];
  if (best === undefined || best.cpuMillis <= 0 || best.memoryBytes <= 0) return undefined;
  const row = objectRow(pod, []) as PodRow;
  const share = { cpu: row.cpuMillis > best.cpuMillis ? best.cpuMillis / row.cpuMillis : 1, memory: row.memoryBytes > best.memoryBytes ? best.memoryBytes / row.memoryBytes : 1 };
  const cut = (quantities: Readonly<Record<string, string | number>> | undefined) => quantities && {
    ...quantities,
    ...(quantities['cpu'] !== undefined && share.cpu < 1 && { cpu: formatMillis(roundDown(cpuMillis(quantities['cpu']) * share.cpu, 50)) }),
    ...(quantities['memory'] !== undefined && share.memory < 1 && { memory: formatBytes(roundDown(bytes(quantities['memory']) * share.memory, 1 << 20)) }),
  };
  const made = amended(scene, pod, false, (spec) => ({
    ...spec, containers: spec.containers.map((container) => (container.resources?.requests === undefined ? container : { ...container, resources: { ...container.resources, requests: cut(container.resources.requests)! } })),
  }));
  const what = [...(share.cpu < 1 ? [`${formatMillis(best.cpuMillis)} cpu`] : []), ...(share.memory < 1 ? [`${formatBytes(best.memoryBytes)} of memory`] : [])].join(' and ');
  return made && { title: `Request no more than ${what}`, explanation: `That is what ${best.node} has left. ${made.how}`, command: made.command };
}

/** To a step below, but never to nothing: a request of 0 is none. */
const roundDown = (amount: number, step: number): number => Math.max(1, amount > step ? Math.floor(amount / step) * step : Math.floor(amount));

/** Another Deployment whose Pods hold enough on one of the nodes. */
function withRoomMade(scene: Scene, pod: Pod, nodes: readonly string[]): Remedy | undefined {
  const wanted = objectRow(pod, []) as PodRow;
  const own = sourceOf(scene, pod);
  for (const deployment of scene.all<Deployment>('Deployment')) {
    const sets = new Set(scene.all<ReplicaSet>('ReplicaSet').filter((set) => set.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid)).map(({ metadata }) => metadata.uid));
    const held = (node: string): readonly PodRow[] => podsOn(scene, node).filter(({ ownerUid }) => sets.has(ownerUid));
    const helps = nodes.some((node) => {
      const room = roomOn(scene, node);
      const pods = held(node);
      return pods.length > 0 && fits(wanted, { node, cpuMillis: room.cpuMillis + pods.reduce((sum, one) => sum + one.cpuMillis, 0), memoryBytes: room.memoryBytes + pods.reduce((sum, one) => sum + one.memoryBytes, 0) });
    });
    if (!helps || deployment.metadata.uid === own?.metadata.uid) continue;
    const { namespace = 'default', name } = deployment.metadata;
    return { title: `Scale ${name} to 0`, explanation: `Its ${plural(deployment.spec?.replicas ?? 0, 'Pod')} hold what ${pod.metadata.name} needs (${objectRowKey(deployment).replace('object/', '')}).`, command: { type: 'scale-object', kind: 'Deployment', namespace, name, replicas: 0 } };
  }
  return undefined;
}
