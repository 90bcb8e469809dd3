/** What a set's template was like, kept as ControllerRevisions: for DaemonSets and StatefulSets alike. Models pkg/controller/history/controller_history.go. */
import { groupResource, type KubeObject, type LabelSelector, type PodTemplateSpec, type StringMap } from '../../../kubernetes/api/index.ts';
import { semanticEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { safeEncode } from '../../../kubernetes/apimachinery/generate-name.ts';
import { goJson, inGoOrder } from '../../../kubernetes/apimachinery/go-json.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import { controllerOf, newControllerReference } from '../../../kubernetes/apimachinery/owner-references.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';
import type { ControllerRequest, Listers } from '../controller.ts';
import { create, read, remove, update } from '../requests.ts';

export interface ControllerRevision extends KubeObject { readonly data?: object; readonly revision?: number }

/** To be followed by whoever keeps a history. */
export const revisionsResource = { group: 'apps', version: 'v1', resource: 'controllerrevisions', namespaced: true } as const;
export const revisionsIn = (list: Listers): Lister<ControllerRevision> => list(groupResource(revisionsResource) as Parameters<Listers>[0]) as unknown as Lister<ControllerRevision>;

export const revisionHashLabel = 'controller.kubernetes.io/hash';

/** The patch that brings a template back; clients compare its bytes. Models getPatch of both controllers. */
export const templatePatch = (template: PodTemplateSpec): object => inGoOrder({ spec: { template: { ...template, $patch: 'replace' } } });

/** Whether two revisions bring back the same. Models EqualRevision, which compares the bytes; zero values that Go does not write are kept here, and do not count. */
export const equalData = (a: ControllerRevision, b: ControllerRevision): boolean => semanticEqual(a.data, b.data);

/** The equal ones, in their order. Models FindEqualRevisions. */
export const equalRevisions = (revisions: readonly ControllerRevision[], one: ControllerRevision): readonly ControllerRevision[] => revisions.filter((revision) => equalData(revision, one));

/** 32-bit FNV-1. Models hash/fnv: New32. */
function fnv32(bytes: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash, 0x01000193) ^ bytes.charCodeAt(i);
  return hash >>> 0;
}

/** A text whose characters are the bytes of another's UTF-8. */
const utf8 = (text: string): string => encodeURIComponent(text).replace(/%(..)/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));

/** Models HashControllerRevision. */
export const revisionHash = ({ data }: ControllerRevision, collisionCount?: number): string =>
  safeEncode(String(fnv32(utf8(goJson(data) + (collisionCount === undefined ? '' : String(collisionCount))))));

/** Models ControllerRevisionName. */
export const revisionName = (prefix: string, hash: string): string => `${prefix.slice(0, 223)}-${hash}`;

/** A revision of `parent` that brings its template back; named by its hash, which another collision count changes. Models NewControllerRevision. */
export function newRevision(parent: KubeObject, template: PodTemplateSpec, revision: number, collisionCount?: number): ControllerRevision {
  const bare: ControllerRevision = {
    apiVersion: 'apps/v1', kind: 'ControllerRevision',
    metadata: { name: '', namespace: parent.metadata.namespace, annotations: { ...parent.metadata.annotations }, ownerReferences: [newControllerReference(parent)] },
    data: templatePatch(template), revision,
  };
  const hash = revisionHash(bare, collisionCount);
  return withNameAndLabels(bare, revisionName(parent.metadata.name, hash), { ...template.metadata?.labels, [revisionHashLabel]: hash });
}

const withNameAndLabels = (revision: ControllerRevision, name: string, labels: StringMap): ControllerRevision => ({ ...revision, metadata: { ...revision.metadata, name, labels } });

/** The same revision after a collision of names; its label stays. Models CreateControllerRevision, which goes on counting until a name is free. */
export const renamed = (revision: ControllerRevision, parent: KubeObject, collisionCount: number): ControllerRevision =>
  ({ ...revision, metadata: { ...revision.metadata, name: revisionName(parent.metadata.name, revisionHash(revision, collisionCount)) } });

/** By number, then age, then name. Models SortControllerRevisions. */
export const sortedRevisions = (revisions: readonly ControllerRevision[]): readonly ControllerRevision[] => revisions.slice().sort((a, b) =>
  numberOf(a) - numberOf(b) || compare(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') || compare(a.metadata.name, b.metadata.name));
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

export const numberOf = ({ revision = 0 }: ControllerRevision): number => revision;
/** One more than the highest. */
export const nextNumber = (revisions: readonly ControllerRevision[]): number => revisions.reduce((most, one) => Math.max(most, numberOf(one)), 0) + 1;

/** What is there for `parent`: its own, those it may adopt (with `adoptionPatch`), those whose labels match no more (to be let go with `releasePatch`). */
export interface Claims { readonly owned: readonly ControllerRevision[]; readonly orphans: readonly ControllerRevision[]; readonly strays: readonly ControllerRevision[] }

/** Models controller_ref_manager.go: ClaimControllerRevisions. What is adopted or let go, and whether that is still right, is the caller's to see to. */
export function claimsOf(revisions: Iterable<ControllerRevision>, parent: KubeObject, selector: LabelSelector): Claims {
  const { uid, namespace, deletionTimestamp } = parent.metadata;
  const compiled = compileLabelSelector(selector);
  const owned: ControllerRevision[] = [];
  const orphans: ControllerRevision[] = [];
  const strays: ControllerRevision[] = [];
  for (const revision of revisions) {
    const { metadata } = revision;
    if (metadata.namespace !== namespace) continue;
    const owner = controllerOf(revision);
    const matches = compiled.matches(metadata.labels);
    if (owner !== undefined) {
      if (owner.uid !== uid) continue;
      if (matches) owned.push(revision);
      else if (deletionTimestamp === undefined) strays.push(revision);
    } else if (matches && deletionTimestamp === undefined && metadata.deletionTimestamp === undefined) orphans.push(revision);
  }
  return { owned, orphans, strays };
}

/** The oldest of those that are not in use, so many as there are too many of all that count: `counted` are all old ones (DaemonSets) or those not in use (StatefulSets). Models cleanupHistory and truncateHistory. */
export function surplusRevisions(revisions: readonly ControllerRevision[], isInUse: (revision: ControllerRevision) => boolean, limit: number, counted: 'all' | 'unused'): readonly ControllerRevision[] {
  const unused = sortedRevisions(revisions).filter((revision) => !isInUse(revision));
  return unused.slice(0, Math.max(0, (counted === 'all' ? revisions : unused).length - limit));
}

export const createRevision = (revision: ControllerRevision): ControllerRequest => create(revisionsResource, revision.metadata.namespace, revision);
export const readRevision = ({ metadata }: ControllerRevision): ControllerRequest => read(revisionsResource, metadata.namespace, metadata.name);
export const removeRevision = ({ metadata }: ControllerRevision): ControllerRequest => remove(revisionsResource, metadata.namespace, metadata.name);
/** Give it another number: that of the newest, where it is rolled back to. */
export const renumber = (revision: ControllerRevision, number: number): ControllerRequest => update({ ...revision, revision: number } as ControllerRevision);
