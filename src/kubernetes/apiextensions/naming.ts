/** Which names a definition may have. Models apiextensions-apiserver/pkg/controller/status/naming_controller.go and pkg/apihelpers/helpers.go: SetCRDCondition. */
import type { Condition } from '../api/meta-v1.ts';
import { deepEqual, semanticEqual } from '../apimachinery/equality.ts';
import { quoteGo } from '../apimachinery/field-errors.ts';
import { formatTime } from '../apimachinery/time.ts';
import { conditionOf, type Definition, type Names } from './definition.ts';

type Said = Pick<Condition, 'type' | 'status' | 'reason' | 'message'>;

export function withCondition(definition: Definition, condition: Said, nowUs: number): Definition {
  const conditions = definition.status?.conditions ?? [];
  const old = conditionOf(definition, condition.type);
  const lastTransitionTime = old !== undefined && old.status === condition.status ? old.lastTransitionTime : formatTime(nowUs);
  const next: Condition = { ...old, ...condition, lastTransitionTime };
  return { ...definition, status: { ...definition.status, conditions: old === undefined ? [...conditions, next] : conditions.map((one) => (one === old ? next : one)) } };
}

export const approval = 'api-approved.kubernetes.io';
export const isProtected = (group: string): boolean => ['k8s.io', 'kubernetes.io'].some((suffix) => group === suffix || group.endsWith(`.${suffix}`));

/** Whether the community has approved of a definition in one of its groups. Models pkg/apihelpers/helpers.go: GetAPIApprovalState. */
export function approvalOf({ metadata }: Definition): { readonly state: 'Missing' | 'Unapproved' | 'Approved' | 'Invalid'; readonly reason: string } {
  const said = metadata.annotations?.[approval] ?? '';
  const needed = `protected groups must have approval annotation ${quoteGo(approval)}`;
  const see = ', see https://github.com/kubernetes/enhancements/pull/1111';
  if (said === '') return { state: 'Missing', reason: needed + see };
  if (said.startsWith('unapproved')) return { state: 'Unapproved', reason: `not approved: ${quoteGo(said)}` };
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/]+/i.test(said)) return { state: 'Approved', reason: `approved in ${said}` };
  return { state: 'Invalid', reason: `${needed} with either a URL or a reason starting with "unapproved"${see}` };
}

/** The definition with what is known of its approval; undefined where that changes nothing. Models pkg/controller/apiapproval/apiapproval_controller.go. */
export function approved(definition: Definition, nowUs: number): Definition | undefined {
  if (!isProtected(definition.spec.group ?? '')) return undefined;
  const { state, reason: message } = approvalOf(definition);
  const condition: Said = { type: 'KubernetesAPIApprovalPolicyConformant', status: state === 'Approved' ? 'True' : 'False', reason: `${state}Annotation`, message };
  const old = conditionOf(definition, condition.type);
  return old !== undefined && old.status === condition.status && old.reason === condition.reason && old.message === message ? undefined : withCondition(definition, condition, nowUs);
}

/** The definition with its names and conditions; undefined where nothing changes. */
export function named(definition: Definition, others: readonly Definition[], nowUs: number): Definition | undefined {
  const { spec: { names: wanted = {} }, status } = definition;
  const accepted: Names = status?.acceptedNames ?? {};
  if (semanticEqual(wanted, accepted)) return undefined;
  const group = [definition, ...others].filter(({ spec }) => spec.group === definition.spec.group).map((one) => one.status?.acceptedNames ?? {});
  const resources = new Set(group.flatMap(({ plural = '', singular = '', shortNames = [] }) => [plural, singular, ...shortNames]).filter((name) => name !== ''));
  const kinds = new Set(group.flatMap(({ kind = '', listKind = '' }) => [kind, listKind]).filter((name) => name !== ''));
  let conflict: { readonly reason: string; readonly message: string } | undefined;
  const next: { -readonly [K in keyof Names]: Names[K] } = { ...accepted };
  const free = (name: string, own: string, used: ReadonlySet<string>): string | undefined => (name === own || !used.has(name) ? undefined : `${quoteGo(name)} is already in use`);
  const settle = (field: 'plural' | 'singular' | 'kind' | 'listKind', used: ReadonlySet<string>, reason: string): void => {
    const taken = free(wanted[field] ?? '', accepted[field] ?? '', used);
    if (taken === undefined) next[field] = wanted[field] ?? '';
    else conflict = { reason, message: taken };
  };
  settle('plural', resources, 'PluralConflict');
  settle('singular', resources, 'SingularConflict');
  const taken = (wanted.shortNames ?? []).filter((name) => accepted.shortNames?.includes(name) !== true).flatMap((name) => free(name, '', resources) ?? []);
  if (taken.length > 0) conflict = { reason: 'ShortNamesConflict', message: taken.length === 1 ? taken[0]! : `[${taken.join(', ')}]` };
  else if (wanted.shortNames !== undefined || accepted.shortNames !== undefined) next.shortNames = wanted.shortNames ?? [];
  settle('kind', kinds, 'KindConflict');
  settle('listKind', kinds, 'ListKindConflict');
  if (wanted.categories !== undefined) next.categories = wanted.categories;
  return withNames(definition, next, conflict, nowUs);
}

function withNames(definition: Definition, names: Names, conflict: { readonly reason: string; readonly message: string } | undefined, nowUs: number): Definition | undefined {
  const naming: Said = { type: 'NamesAccepted', ...(conflict === undefined ? { status: 'True', reason: 'NoConflicts', message: 'no conflicts found' } : { status: 'False', ...conflict }) };
  const old = conditionOf(definition, 'NamesAccepted');
  const same = old !== undefined && old.status === naming.status && old.reason === naming.reason && old.message === naming.message;
  if (same && deepEqual(names, definition.status?.acceptedNames)) return undefined;
  const before = conditionOf(definition, 'Established');
  const established: Said = before?.status !== 'True' && naming.status === 'True' ? { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' }
    : before ?? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' };
  const accepted = { ...definition, status: { ...definition.status, acceptedNames: names } };
  return withCondition(withCondition(accepted, naming, nowUs), established, nowUs);
}
