import type { Deployment, KubeObject, Pod, ReplicaSet } from '../../kubernetes/api/index.ts';
import type { DaemonSet } from '../../kubernetes/api/kept-specs.ts';
import { asWorkload } from './daemon-set.ts';
import { cronJobText, jobText } from './job-rows.ts';
import type { FamilyAnswer, FamilyMember, FamilyQuery } from '../port/family.ts';
import { podStatus } from '../../kubernetes/printers/pod-status.ts';

const mostTold = 200;

/** How an object is, in a few words. */
function stateOf(object: KubeObject): string {
  if (object.kind === 'Pod') return podStatus(object as Pod);
  if (object.kind === 'Deployment' || object.kind === 'ReplicaSet' || object.kind === 'StatefulSet') {
    const { spec, status } = object as Deployment | ReplicaSet;
    return `${status?.readyReplicas ?? 0} of ${spec?.replicas ?? 1} ready`;
  }
  if (object.kind === 'Job' || object.kind === 'CronJob') return object.kind === 'Job' ? jobText(object) : cronJobText(object);
  return object.kind === 'DaemonSet' ? stateOf({ ...asWorkload(object as DaemonSet), kind: 'ReplicaSet' }) : '';
}

/** Whom an object belongs to and what belongs to it, by `metadata.ownerReferences`; of several owners the controller is followed. */
export function familyAnswer(objects: Iterable<KubeObject>, { kind, namespace, name }: FamilyQuery): FamilyAnswer {
  const all = [...objects];
  const byUid = new Map(all.map((object) => [object.metadata.uid ?? '', object]));
  const children = new Map<string, KubeObject[]>();
  for (const object of all) {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const known = children.get(uid);
      if (known === undefined) children.set(uid, [object]);
      else known.push(object);
    }
  }
  const self = all.find((object) => object.kind === kind && object.metadata.name === name && (object.metadata.namespace ?? '') === namespace);
  if (self === undefined) return { type: 'family', members: [] };
  const owners: FamilyMember[] = [];
  const place = (object: KubeObject, depth: number, missing = false): FamilyMember => ({
    depth, apiVersion: object.apiVersion, kind: object.kind, namespace: object.metadata.namespace ?? '', name: object.metadata.name, self: object === self, state: missing ? 'gone' : stateOf(object), missing,
  });
  for (let at: KubeObject | undefined = self; at !== undefined && owners.length < 10;) {
    const references: NonNullable<KubeObject['metadata']['ownerReferences']> = at.metadata.ownerReferences ?? [];
    const owner = references.find(({ controller }) => controller === true) ?? references[0];
    if (owner === undefined) break;
    const found = byUid.get(owner.uid);
    owners.unshift(found === undefined
      ? { depth: 0, apiVersion: owner.apiVersion, kind: owner.kind, namespace: at.metadata.namespace ?? '', name: owner.name, self: false, state: 'gone', missing: true }
      : place(found, 0));
    at = found;
  }
  const members: FamilyMember[] = owners.map((owner, depth) => ({ ...owner, depth }));
  const add = (object: KubeObject, depth: number): void => {
    if (members.length >= mostTold) return;
    members.push(place(object, depth));
    const below = [...children.get(object.metadata.uid ?? '') ?? []].sort((a, b) => Number(b.metadata.resourceVersion) - Number(a.metadata.resourceVersion));
    for (const child of below) if (child.kind !== 'Event') add(child, depth + 1);
  };
  add(self, owners.length);
  return { type: 'family', members };
}
