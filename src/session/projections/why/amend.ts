import type { Deployment, KubeObject, Pod, PodSpec, ReplicaSet } from '../../../kubernetes/api/index.ts';
import type { SessionCommand } from '../../commands/index.ts';
import { controllerOf, type Scene } from './scene.ts';

/** The object that a Pod's spec is taken from: the Deployment above it, or the Pod itself. Undefined where another controller made it. */
export function sourceOf(scene: Scene, pod: Pod): Deployment | Pod | undefined {
  const owner = controllerOf(pod);
  if (owner === undefined) return pod;
  const set = owner.kind === 'ReplicaSet' ? scene.find<ReplicaSet>('ReplicaSet', pod.metadata.namespace ?? '', owner.name) : undefined;
  const above = set && controllerOf(set);
  return above?.kind === 'Deployment' ? scene.find<Deployment>('Deployment', pod.metadata.namespace ?? '', above.name) : undefined;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** An object as its user wrote it: what was applied last, else what is stored without what the server added. */
export function asWritten<T extends KubeObject>(object: T): T {
  const applied = object.metadata.annotations?.[lastApplied];
  if (applied !== undefined) {
    const { metadata: { annotations: _none, ...metadata }, ...rest } = JSON.parse(applied) as T;
    return { ...rest, metadata } as unknown as T;
  }
  const { name, namespace, labels } = object.metadata;
  const { status: _status, ...rest } = object as T & { readonly status?: unknown };
  return { ...rest, metadata: { name, ...(namespace !== undefined && { namespace }), ...(labels !== undefined && { labels }) } } as unknown as T;
}

/** JSON is YAML, and kubectl takes it. */
export const apply = (object: KubeObject): SessionCommand => ({ type: 'apply-manifest', text: `${JSON.stringify(object, null, 2)}\n`, fileName: `${object.metadata.name}.yaml` });

/** The source of a Pod with another Pod spec. A Pod on its own is changed in place only where the API allows that (its images); else a second one is made beside it. */
export function amended(scene: Scene, pod: Pod, inPlace: boolean, change: (spec: PodSpec) => PodSpec): { readonly command: SessionCommand; readonly how: string } | undefined {
  const source = sourceOf(scene, pod);
  if (source === undefined) return undefined;
  const written = asWritten(source);
  if (written.kind === 'Deployment') {
    const { spec } = written as Deployment;
    const next = { ...written, spec: { ...spec, template: { ...spec!.template, spec: change(spec!.template!.spec!) } } };
    return { command: apply(next as KubeObject), how: `The Deployment ${source.metadata.name} rolls out Pods of a new template.` };
  }
  const next = { ...written, spec: change((written as Pod).spec) };
  if (inPlace) return { command: apply(next), how: 'A Pod’s image may be changed in place.' };
  const name = freeName(scene, pod);
  return { command: apply({ ...next, metadata: { ...next.metadata, name } }), how: `This field of a Pod can not be changed: a second Pod, ${name}, is made beside it.` };
}

function freeName(scene: Scene, { metadata: { name, namespace = '' } }: Pod): string {
  let number = 2;
  while (scene.find('Pod', namespace, `${name}-${number}`) !== undefined) number += 1;
  return `${name}-${number}`;
}
