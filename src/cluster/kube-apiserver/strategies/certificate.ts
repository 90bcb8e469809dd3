/**
 * Requests for certificates: who approves and who signs. Models pkg/registry/certificates/certificates/strategy.go, pkg/apis/certificates/validation/validation.go
 * and plugin/pkg/admission/certificates/{approval,signing}. What is in a request or a certificate is not looked at.
 */
import type { KubeObject, Status } from '../../../kubernetes/api/index.ts';
import { deepEqual } from '../../../kubernetes/apimachinery/equality.ts';
import { duplicate, forbidden, invalid, notSupported, required, type FieldError } from '../../../kubernetes/apimachinery/field-errors.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { attributesOf } from '../authorization/attributes.ts';
import { decide } from '../authorization/authorizer.ts';
import type { ApiServerState, Inflight } from '../state.ts';
import { keepStatus, type Strategy } from './strategy.ts';

interface Condition { readonly type?: string; readonly status?: string; readonly lastUpdateTime?: string | null; readonly lastTransitionTime?: string | null }
interface Request extends Omit<KubeObject, 'spec' | 'status'> { readonly spec: { readonly signerName?: string }; readonly status?: { readonly certificate?: string; readonly conditions?: readonly Condition[] } }

const lasting = ['Approved', 'Denied', 'Failed'];
const conditionsOf = (request: Request): readonly Condition[] => request.status?.conditions ?? [];
const ofType = (request: Request, type: string): readonly Condition[] => conditionsOf(request).filter((one) => one.type === type);
const certificateOf = (request: Request): string => request.status?.certificate ?? '';

/** Models pkg/apis/certificates/authorization: IsAuthorizedForSignerName. */
function maySigner(state: ApiServerState, { request, user }: Inflight, verb: string, signer: string): boolean {
  const asked = { ...attributesOf(request, user), verb, resource: 'signers', subresource: '', namespace: '' };
  return [signer, `${signer.split('/')[0]}/*`].some((name) => decide(state, { ...asked, name })?.allowed === true);
}

function withTimes(next: Request, current: Request, nowUs: number): Request {
  if (next.status?.conditions === undefined) return next;
  const now = formatTime(nowUs);
  const conditions = next.status.conditions.map((one) => {
    const before = ofType(current, one.type ?? '').find(({ status }) => status === one.status);
    return { ...one, lastUpdateTime: one.lastUpdateTime ?? now, lastTransitionTime: before?.lastTransitionTime ?? one.lastTransitionTime ?? now };
  });
  return { ...next, status: { ...next.status, conditions } };
}

/** An approval changes the conditions alone; a status may neither approve nor deny. */
function prepareSubresource(subresource: string, given: KubeObject, before: KubeObject, nowUs: number): KubeObject {
  const [next, current] = [given as Request, before as Request];
  const { certificate } = current.status ?? {};
  const status = subresource === 'approval'
    ? { conditions: conditionsOf(next), ...(certificate === undefined ? {} : { certificate }) }
    : { ...next.status, ...(['Approved', 'Denied'].every((type) => deepEqual(ofType(next, type), ofType(current, type))) ? {} : { conditions: conditionsOf(current) }) };
  return withTimes({ ...next, spec: current.spec, status }, current, nowUs) as KubeObject;
}

const at = (index: number, field: string): string => `status.conditions[${index}].${field}`;

function conditionProblem(one: Condition, index: number, all: readonly Condition[]): FieldError | undefined {
  const { type = '', status = '' } = one;
  if (type === '') return required(at(index, 'type'));
  if (lasting.includes(type) && status !== 'True') return status === '' ? required(at(index, 'status')) : notSupported(at(index, 'status'), status, ['True']);
  if (!['True', 'False', 'Unknown'].includes(status)) return status === '' ? required(at(index, 'status')) : notSupported(at(index, 'status'), status, ['False', 'True', 'Unknown']);
  const earlier = all.slice(0, index);
  if (earlier.some((other) => other.type === type)) return duplicate(at(index, 'type'), type);
  return (type === 'Approved' || type === 'Denied') && earlier.some((other) => other.type === (type === 'Approved' ? 'Denied' : 'Approved')) ? invalid(at(index, 'type'), type, 'Approved and Denied conditions are mutually exclusive') : undefined;
}

function problems(given: KubeObject, before: KubeObject, subresource: string | undefined): readonly FieldError[] {
  if (subresource === undefined) return [];
  const [next, current] = [given as Request, before as Request];
  const errors = conditionsOf(next).map(conditionProblem).filter((error) => error !== undefined);
  for (const type of lasting) {
    if (ofType(next, type).length < ofType(current, type).length) errors.push(forbidden('status.conditions', `updates may not remove a condition of type "${type}"`));
  }
  if (certificateOf(current) !== '' && certificateOf(next) !== certificateOf(current)) errors.push(forbidden('status.certificate', 'updates may not modify existing certificate content'));
  return errors;
}

function forbids(state: ApiServerState, inflight: Inflight, given: KubeObject, before?: KubeObject): Status | undefined {
  const { request: { subresource }, served: { info } } = inflight;
  if (before === undefined || subresource === undefined) return undefined;
  const [next, current] = [given as Request, before as Request];
  const { signerName = '' } = current.spec;
  const verb = subresource === 'approval' ? 'approve' : 'sign';
  if (verb === 'sign' && certificateOf(next) === certificateOf(current) && deepEqual(conditionsOf(next), conditionsOf(current))) return undefined;
  return maySigner(state, inflight, verb, signerName) ? undefined : forbiddenError(info, current.metadata.name, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signerName)}`);
}

export const certificate: Strategy = {
  forbids, prepareSubresource, problems,
  // Who asks is what the server saw, not what the request says.
  prepareForCreate: (object, { user: { name, uid, groups, extra } }) =>
    ({ ...object, spec: { ...(object.spec as object), username: name, ...(uid === undefined ? {} : { uid }), groups, ...(extra === undefined ? {} : { extra }) }, status: {} }) as KubeObject,
  prepareForUpdate: (next, current) => keepStatus({ ...next, spec: current.spec } as KubeObject, current),
};
