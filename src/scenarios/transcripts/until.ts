/** What `run until` understands: a sentence about one object, asked again whenever etcd's content has changed. */
import type { KubeObject, Node, Pod } from '../../kubernetes/api/index.ts';
import type { World } from '../../simulation/world.ts';
import { condition, etcdStore, findStored, parseRef, type ObjectRef } from '../cluster-view.ts';
import { podStatus } from '../../kubernetes/printers/pod-status.ts';
import { nodeStatus } from './object-status.ts';

type Question = (object: KubeObject | undefined) => boolean;

/** Reads `Running`, `Ready`, `gone`, `spec.nodeName exists`, `status.readyReplicas=3`, `status.replicas!=0`. */
export function parseQuestion(text: string, ref: ObjectRef): Question {
  const compared = /^([\w.[\]-]+)\s*(!=|=)\s*(.*)$/.exec(text);
  if (compared !== null) return (object) => (String(fieldOf(object, compared[1]!) ?? '') === compared[3]) === (compared[2] === '=');
  const exists = /^([\w.[\]-]+) (exists|is absent)$/.exec(text);
  if (exists !== null) return (object) => (fieldOf(object, exists[1]!) !== undefined) === (exists[2] === 'exists');
  switch (text) {
    case 'gone': return (object) => object === undefined;
    case 'exists': return (object) => object !== undefined;
    case 'Terminating': return (object) => object?.metadata.deletionTimestamp !== undefined;
    default: break;
  }
  switch (ref.info.resource) {
    case 'nodes': return (object) => object !== undefined && nodeStatus(object as Node).split(',').includes(text);
    case 'pods': return (object) => object !== undefined && (condition(object, text)?.status === 'True' || podStatus(object as Pod) === text || (object as Pod).status?.phase === text);
    default: return (object) => condition(object, text)?.status === 'True';
  }
}

/** `status.conditions[Ready].status`, `spec.containers[0].image`, `metadata.labels.app`. */
export function fieldOf(object: unknown, path: string): unknown {
  let value: unknown = object;
  for (const step of path.match(/[^.[\]]+/g) ?? []) {
    if (value === undefined || value === null) return undefined;
    value = Array.isArray(value) && !/^\d+$/.test(step)
      ? value.find((item: Record<string, unknown>) => item['type'] === step || item['name'] === step || item['key'] === step)
      : (value as Record<string, unknown>)[step];
  }
  return value;
}

/** A test for `World.runUntil` that looks at the object only where etcd has changed. */
export function untilSo(world: World, refText: string, question: string): () => boolean {
  const ref = parseRef(refText);
  const ask = parseQuestion(question, ref);
  let seen: unknown = null;
  return () => {
    const store = etcdStore(world);
    if (store === seen) return false;
    seen = store;
    return ask(findStored(world, ref)?.value as KubeObject | undefined);
  };
}
