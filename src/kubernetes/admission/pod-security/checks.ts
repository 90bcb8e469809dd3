/** What the checks look at, and the words they share. Models staging/src/k8s.io/pod-security-admission/policy/{visitor,helpers}.go. */
import type { Container, ObjectMeta, PodSpec } from '../../api/index.ts';

/** Why a Pod does not keep to a level: the short reason, and who does what. */
export interface Violation { readonly reason: string; readonly detail: string }
type Metadata = Pick<ObjectMeta, 'annotations'>;
export type Check = (spec: PodSpec, metadata: Metadata) => Violation | undefined;

export const containersOf = (spec: PodSpec): readonly Container[] => [...spec.initContainers ?? [], ...spec.containers, ...spec.ephemeralContainers ?? []];
export const quoted = (names: readonly string[]): string => names.map((name) => JSON.stringify(name)).join(', ');
export const plural = (one: string, many: string, count: number): string => (count === 1 ? one : many);
export const different = (values: readonly string[]): readonly string[] => [...new Set(values)].sort();
/** `container "a"`, `containers "a", "b"`. */
export const containersText = (names: readonly string[]): string => `${plural('container', 'containers', names.length)} ${quoted(names)}`;
/** `pod and container "a"`. */
export const settersText = (pod: boolean, names: readonly string[]): string => [...(pod ? ['pod'] : []), ...(names.length > 0 ? [containersText(names)] : [])].join(' and ');

export const namesWhere = (spec: PodSpec, bad: (container: Container) => boolean): readonly string[] => containersOf(spec).filter(bad).map(({ name }) => name);

interface Typed { readonly type?: string }

/** A setting of the Pod and of each container that has a type: who sets a bad one, and which. */
export function badTypes(spec: PodSpec, field: 'seccompProfile' | 'appArmorProfile', good: readonly string[]): { readonly setters: string; readonly values: readonly string[] } | undefined {
  const isBad = (value: unknown): boolean => value !== undefined && value !== null && !good.includes((value as Typed).type ?? '');
  const pod = isBad(spec.securityContext?.[field]);
  const names = namesWhere(spec, ({ securityContext }) => isBad(securityContext?.[field]));
  if (!pod && names.length === 0) return undefined;
  const all = [spec.securityContext?.[field], ...containersOf(spec).map(({ securityContext }) => securityContext?.[field])].filter(isBad) as readonly Typed[];
  return { setters: settersText(pod, names), values: different(all.map(({ type = '' }) => type)) };
}
