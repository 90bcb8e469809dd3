/** Where admission meets a request: what plugins are shown of the server, and what becomes of a request that must wait for them. */
import { resourceOfKind, type KubeObject, type Status } from '../../kubernetes/api/index.ts';
import type { Definition } from '../../kubernetes/apiextensions/definition.ts';
import { admit, admitChanged, isJudged, judge, mayAddToChange } from './admission/registry.ts';
import type { Admission, AdmissionContext, Calls, LookUp, Operation, Verdict } from './admission/plugin.ts';
import { latePart } from '../../kubernetes/late-parts.ts';
import { internalServerError } from '../../kubernetes/apimachinery/status-errors.ts';
import { userNamed } from './authentication/user-info.ts';
import { decide } from './authorization/authorizer.ts';
import { decodeBody } from './checking.ts';
import { servedIn } from './custom-resources/finding.ts';
import type { Luck } from './luck.ts';
import { trackManager } from './managed-fields.ts';
import { cacheKey, definitionsKey, findServed, scopeOf, servedAs, servedVersions, storageKey, type Served } from './served.ts';
import { cached, cacheOf, type Inflight, type Step } from './state.ts';
import type { Spending } from './subresources/subresource.ts';
import { callEtcd, decode, revisionOf, toStored } from './storage.ts';
import type { RangeResponse, TxnRequest, TxnResponse } from '../../kubernetes/protocols/etcd.ts';

/** What admission may see: the caches, and what it had looked up in storage. */
function find(step: Step, { looked }: Inflight, resource: string, namespace: string, name: string): KubeObject | null | undefined {
  const one = servedAs(resource);
  return cached(step.state, one.key, cacheKey(one, namespace, name)) ?? looked[storageKey(one, namespace, name)];
}

function all(step: Step, resource: string, namespace: string): readonly KubeObject[] {
  const found: KubeObject[] = [];
  cacheOf(step.state, resource).objects.forEach((object) => { if (namespace === '' || object.metadata.namespace === namespace) found.push(object); });
  return found.length < 2 ? found : found.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function kindAt({ state }: Step, apiVersion: string, kind: string): Served | undefined {
  const info = resourceOfKind(kind, apiVersion);
  if (info !== undefined) return findServed(info.group, info.version, info.resource);
  const [group = '', version = ''] = apiVersion.split('/');
  let found: Served | undefined;
  cacheOf(state, definitionsKey).objects.forEach((object) => {
    const definition = object as unknown as Definition;
    if (definition.spec.group === group && definition.spec.names?.kind === kind) found = servedIn(definition, version);
  });
  return found;
}

/** All of a kind in a namespace is remembered under the beginning of their keys. */
function look({ looked }: Inflight, one: Served, namespace: string, name: string): { readonly objects: readonly KubeObject[] } | LookUp {
  const found = looked[storageKey(one, namespace, name)];
  if (found === undefined) return { lookUp: { resource: one, namespace, name }, afterUs: 0 };
  return { objects: found === null ? [] : name === '' ? (found as unknown as { readonly items: readonly KubeObject[] }).items : [found] };
}

/** What the authorizers say, for an expression: for who asks, or a service account that it names. */
function authorized({ state }: Step, { user }: Inflight, { user: name, verb = '', group = '', resource = '', subresource = '', namespace = '', name: object = '', path }: { readonly [field: string]: string }): { readonly allowed: boolean; readonly reason: string } {
  const asking = name === undefined || name === user.name ? user : userNamed(name);
  const decision = decide(state, { user: asking, verb, group, resource, subresource, namespace, name: object, ...(path === undefined ? {} : { path }) });
  return { allowed: decision?.allowed === true, reason: decision?.reason ?? '' };
}

/** Models apiserver/pkg/endpoints: EquivalentResourceRegistry. */
function othersOf({ state }: Step, { served }: Inflight): readonly Served[] {
  if (served.custom === undefined) return servedVersions(served.key).filter((one) => one !== served);
  const definition = cached(state, definitionsKey, served.key) as Definition | undefined;
  if (definition === undefined) return [];
  return latePart('customResources').servedVersions(definition).flatMap((version) => (version === served.info.version ? [] : servedIn(definition, version) ?? []));
}

/** Ends the work of plugins that need more first. */
class Interrupted extends Error {
  readonly outcome: Calls | { readonly refuse: Status };
  constructor(outcome: Interrupted['outcome']) {
    super('admission is interrupted');
    this.outcome = outcome;
  }
}

function interruptible<T>(work: () => T): T | Interrupted['outcome'] {
  try {
    return work();
  } catch (error) {
    if (error instanceof Interrupted) return error.outcome;
    throw error;
  }
}

/** A custom object in another version. Models apiserver/pkg/admission/plugin/webhook/generic/conversion.go: ConvertToGVK. */
function convert({ reviews }: Inflight, { custom }: Served, object: KubeObject, { info }: Served): KubeObject {
  const way = custom!.toVersion(object, info.version);
  if ('object' in way) return way.object;
  if ('wrong' in way) throw new Interrupted({ refuse: internalServerError(way.wrong) });
  const { conversionReview, conversionFailed } = latePart('customResources');
  const { ask, apiVersion } = way;
  const webhook = custom!.webhook!;
  const key = `convert to ${apiVersion} ${JSON.stringify(ask)}`;
  const answer = reviews?.[key];
  if (answer === undefined) throw new Interrupted({ calls: [{ key, converts: true, hook: { clientConfig: webhook.clientConfig, timeoutSeconds: 30 }, review: (uid) => conversionReview(webhook, ask, apiVersion, uid) }] });
  const outcome = 'error' in answer ? { wrong: conversionFailed(ask, answer.error) } : custom!.converted(answer.body, ask, apiVersion, answer.uid);
  if ('wrong' in outcome) throw new Interrupted({ refuse: internalServerError(outcome.wrong) });
  return outcome.object;
}

/** What a plugin made of an object, read as if it had been sent; nobody but the server says who and since when it is. */
function decodeAgain(inflight: Inflight, body: unknown, { metadata: { name, namespace, uid, creationTimestamp } }: KubeObject, as: Served): ReturnType<AdmissionContext['decode']> {
  const { request, served } = inflight;
  const decoded = decodeBody({ ...inflight, served: as, request: { ...request, query: { ...request.query, fieldValidation: 'Ignore' } } }, body);
  if ('refuse' in decoded) return { refuse: internalServerError(decoded.refuse.message ?? '') };
  const object = as === served || as.custom === undefined ? decoded.object : convert(inflight, as, decoded.object, served);
  const { metadata } = object;
  return { object: { ...object, metadata: { ...metadata, name: metadata.name || name, ...(namespace === undefined ? {} : { namespace }), ...(uid === undefined ? {} : { uid }), ...(creationTimestamp === undefined ? {} : { creationTimestamp }) } } };
}

function contextOf(step: Step, inflight: Inflight, operation: Operation, old: KubeObject | undefined, warnings: string[], luck?: Luck): AdmissionContext {
  return {
    inflight, operation, old, nowUs: step.env.nowUs,
    find: (resource, namespace, name) => find(step, inflight, resource, namespace, name),
    all: (resource, namespace) => all(step, resource, namespace),
    kindAt: (apiVersion, kind) => kindAt(step, apiVersion, kind),
    look: (one, namespace, name) => look(inflight, one, namespace, name),
    authorize: (asked) => authorized(step, inflight, asked),
    isAny: (resource) => step.state.heldAgainst.includes(resource),
    warn: (text) => { if (!warnings.includes(text)) warnings.push(text); },
    others: () => othersOf(step, inflight),
    decode: (body, current, as) => decodeAgain(inflight, body, current, as),
    convert: (object, to) => convert(inflight, inflight.served, object, to),
    answered: (call) => inflight.reviews?.[call],
    random: (bound) => (luck === undefined ? step.env.random('names', bound) : luck.random('names', bound)),
  };
}

/** A request that is tried again is warned once. */
const warned = (inflight: Inflight, warnings: readonly string[]): Inflight => (warnings.length === 0 ? inflight : { ...inflight, warnings: [...new Set([...inflight.warnings ?? [], ...warnings])] });

/** A new object with what the plugins add. */
export function admitNew(step: Step, inflight: Inflight, object: KubeObject, luck?: Luck): { readonly inflight: Inflight; readonly outcome: Admission } {
  const warnings: string[] = [];
  const outcome = interruptible(() => admit(object, contextOf(step, inflight, 'CREATE', undefined, warnings, luck)));
  return { inflight: warned(inflight, warnings), outcome };
}

const nothing: readonly string[] = [];

/** An object that is changed or deleted, with what is added to it. */
export function admitChange(step: Step, inflight: Inflight, object: KubeObject, operation: Operation, old: KubeObject): { readonly outcome: Admission; readonly warnings: readonly string[] } {
  // Most changes meet nobody who adds to them: they pay nothing.
  if (!mayAddToChange(inflight.served.key, operation, inflight.request.subresource, step.state.heldAgainst)) return { outcome: { object }, warnings: nothing };
  const warnings: string[] = [];
  return { outcome: interruptible(() => admitChanged(object, contextOf(step, inflight, operation, old, warnings))), warnings };
}

/** What the plugins say of what is to be stored, changed or deleted. */
export function judged(step: Step, inflight: Inflight, object: KubeObject, operation: Operation, old?: KubeObject): { readonly inflight: Inflight; readonly verdict: Verdict } {
  // Most writes meet nobody who judges: they pay nothing.
  if (!isJudged(inflight.served.key, inflight.request.subresource, step.state.heldAgainst.length > 0)) return { inflight, verdict: undefined };
  const warnings: string[] = [];
  const verdict = interruptible(() => judge(object, contextOf(step, inflight, operation, old, warnings)));
  return { inflight: warned(inflight, warnings), verdict };
}

/** The refusal in a verdict; or the request waits, and comes back to its beginning; or others must be asked first. A dry run is held against quotas and charged to none. */
export function waitOrRefuse(step: Step, given: Inflight, inflight: Inflight, verdict: Exclude<Verdict, undefined>): Status | Calls | 'waits' | undefined {
  if ('refuse' in verdict) return verdict.refuse;
  if ('calls' in verdict) return verdict;
  if ('lookUp' in verdict) lookUp(step, given, verdict);
  else if (inflight.request.query?.dryRun === 'All') return undefined;
  else charge(step, given, verdict.charge);
  return 'waits';
}

export function lookUp(step: Step, inflight: Inflight, { lookUp: { resource, namespace, name }, afterUs }: LookUp): void {
  const one = typeof resource === 'string' ? servedAs(resource) : resource;
  const key = storageKey(one, namespace, name);
  callEtcd(step, { kind: 'look-up', inflight, key, served: one }, 'Range', name === '' ? scopeOf(one, namespace) : { key }, afterUs);
}

/** Storage says whether what admission misses is there. */
export function lookedUp(inflight: Inflight, key: string, { kvs }: RangeResponse): Inflight {
  const found = key.endsWith('/') ? { kind: 'List', items: kvs.map(decode) } as unknown as KubeObject : kvs[0] === undefined ? null : decode(kvs[0]);
  return { ...inflight, looked: { ...inflight.looked, [key]: found }, lookups: inflight.lookups + 1 };
}

const quotas = servedAs('resourcequotas');
const ourStatusWrite = { verb: 'update', group: '', version: 'v1', resource: 'resourcequotas', subresource: 'status', user: 'system:apiserver', userAgent: 'kube-apiserver/v1.36.0 (linux/amd64) kubernetes' } as const;

/** Writes what the quotas count from now on, all of them or none. Upstream writes one after the other. */
function charge(step: Step, inflight: Inflight, counted: readonly KubeObject[]): void {
  const keyOf = ({ metadata: { namespace, name } }: KubeObject): string => storageKey(quotas, namespace, name);
  const body: TxnRequest = {
    compare: counted.map((quota) => ({ key: keyOf(quota), target: 'mod', equals: revisionOf(quota) })),
    success: counted.map((quota) => ({ op: 'put', key: keyOf(quota), value: toStored(trackManager({ request: ourStatusWrite, served: quotas }, quota, find(step, inflight, quotas.key, quota.metadata.namespace ?? '', quota.metadata.name) ?? quota, step.env.nowUs)) })),
    failure: counted.map((quota) => ({ op: 'range', key: keyOf(quota) })),
  };
  callEtcd(step, { kind: 'charge', inflight }, 'Txn', body);
}

/** Writes an object that a request uses something up of: a disruption budget. */
export function spend(step: Step, inflight: Inflight, one: Served, { spend: before, next }: Spending): void {
  const key = storageKey(one, before.metadata.namespace, before.metadata.name);
  const { group, version, resource } = one.info;
  const written = trackManager({ request: { ...ourStatusWrite, group, version, resource }, served: one }, next, before, step.env.nowUs);
  callEtcd(step, { kind: 'charge', inflight }, 'Txn', { compare: [{ key, target: 'mod', equals: revisionOf(before) }], success: [{ op: 'put', key, value: toStored(written) }], failure: [{ op: 'range', key }] } satisfies TxnRequest);
}

/** The quotas count the request; or somebody else was first, and what they left is looked at. */
export function chargedOrNot(inflight: Inflight, { succeeded, responses }: TxnResponse): Inflight {
  if (succeeded) return { ...inflight, charged: true };
  const looked = { ...inflight.looked };
  for (const { kvs } of responses) for (const kv of kvs ?? []) looked[kv.key] = decode(kv);
  return { ...inflight, looked, lookups: inflight.lookups + 1 };
}
