/** What is wrong with the options of a list or watch. Models apimachinery/pkg/apis/meta/internalversion/validation: ValidateListOptions, and apiserver/pkg/storage/api_object_versioner.go: ParseResourceVersion. */
import type { Status } from '../../kubernetes/api/index.ts';
import { forbidden, notSupported, type FieldError } from '../../kubernetes/apimachinery/field-errors.ts';
import { badRequestError, invalidError } from '../../kubernetes/apimachinery/status-errors.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';

/** The refusal, or undefined. */
export function listOptionsRefusal({ verb, query = {} }: ApiRequest): Status | undefined {
  const version = query.resourceVersion ?? '';
  const errors = query.sendInitialEvents === undefined ? matchErrors(query.resourceVersionMatch, version, query.continue ?? '') : initialEventsErrors(verb, query);
  if (errors.length > 0) return invalidError({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
  if (version === '' || /^\d+$/.test(version)) return undefined;
  return badRequestError(`resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`);
}

function matchErrors(match: string | undefined, version: string, token: string): readonly FieldError[] {
  if (match === undefined) return [];
  const errors: FieldError[] = [];
  if (version === '') errors.push(forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
  if (token !== '') errors.push(forbidden('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'));
  if (match !== 'Exact' && match !== 'NotOlderThan') errors.push(notSupported('resourceVersionMatch', match, ['Exact', 'NotOlderThan', '']));
  if (match === 'Exact' && version === '0') errors.push(forbidden('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
  return errors;
}

function initialEventsErrors(verb: string, { resourceVersionMatch }: NonNullable<ApiRequest['query']>): readonly FieldError[] {
  if (verb !== 'watch') return [forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list')];
  if (resourceVersionMatch === 'NotOlderThan') return [];
  return [forbidden('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan')];
}
