import type { DecisionTable, NodeVerdict, SchedulerState } from '../../cluster/kube-scheduler/kube-scheduler.ts';
import { filterPlugins, scorePlugins } from '../../cluster/kube-scheduler/plugins/registry.ts';
import type { NoteRecord } from '../../simulation/recording/records.ts';
import type { World } from '../../simulation/world.ts';
import type { NodeColumn, SchedulingAnswer, SchedulingAttempt, SchedulingQuery } from '../port/scheduling.ts';

const outcomes = new Set(['scheduled', 'unschedulable', 'binding']);
const weights = new Map(scorePlugins.map(({ plugin, weight }) => [plugin.name, { weight, normalizes: plugin.normalize !== undefined }]));

/** Every attempt to schedule a Pod, from the scheduler's own notes. */
export function schedulingAnswer(world: World, { namespace, name }: SchedulingQuery): SchedulingAnswer {
  const key = `${namespace}/${name}`;
  const schedulers = world.processes().filter(({ program }) => program === 'kube-scheduler');
  const addresses = new Set(schedulers.map(({ address }) => address));
  const attempts: SchedulingAttempt[] = [];
  for (const record of world.recordsBetween(0)) {
    if (record.what !== 'note' || !outcomes.has(record.note.name) || !addresses.has(record.address)) continue;
    const table = record.note.detail as DecisionTable | undefined;
    if (table === undefined ? record.note.text.startsWith(`${key}: `) : table.pod === key) attempts.push(attempt(record, key, table));
  }
  const states = schedulers.flatMap(({ snapshot }) => (snapshot === undefined ? [] : [snapshot.state as SchedulerState]));
  return { type: 'scheduling', attempts, waiting: states.map((state) => waiting(state, key)).find((words) => words !== '') ?? '' };
}

function attempt(record: NoteRecord, key: string, table: DecisionTable | undefined): SchedulingAttempt {
  const { note: { text }, id, atUs } = record;
  const asked = new Set(table?.filterPlugins);
  const scores = (table?.scorePlugins ?? []).map((plugin) => ({ plugin, ...weights.get(plugin)! }));
  return {
    recordId: id, atUs, chosen: table?.chosen ?? '', message: text.startsWith(`${key}: `) ? text.slice(key.length + 2) : text,
    filters: table === undefined ? [] : filterPlugins.map(({ name }) => ({ plugin: name, asked: asked.has(name) })), scores,
    nodes: (table?.nodes ?? []).map((node) => column(node, scores)), moreNodes: table?.moreNodes ?? 0, excluded: table?.excluded ?? 0, excludedBy: table?.excludedBy ?? '',
  };
}

function column({ node, plugin = '', reasons = [], raw = [], scores = [], total = 0 }: NodeVerdict, plugins: SchedulingAttempt['scores']): NodeColumn {
  return { node, refusedBy: plugin, reasons, scores: scores.map((weighted, i) => ({ raw: raw[i]!, normalized: weighted / plugins[i]!.weight, weighted })), total };
}

function waiting({ queue, binding }: SchedulerState, key: string): string {
  const bound = binding.get(key);
  if (bound !== undefined) return `waits for the API server to confirm the binding to ${bound.nodeName}`;
  const pod = queue.pods.get(key);
  if (pod === undefined) return '';
  const tries = `${pod.attempts} ${pod.attempts === 1 ? 'attempt' : 'attempts'} so far`;
  switch (pod.place) {
    case 'active': return `is in the active queue: ${tries}`;
    case 'backoff': case 'error-backoff': return `is backing off before its next attempt: ${tries}`;
    case 'gated': return 'is kept out of the queue by a scheduling gate';
    case 'unschedulable': return `waits for something that may help ${pod.plugins.join(', ')}: ${tries}`;
  }
}
