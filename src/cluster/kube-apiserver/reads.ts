/** Get and list: from the watch cache where any state will do, through etcd where the newest is asked for. Models storage/cacher/cacher.go: Get, GetList. */
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import { compileFieldRequirements, unsupportedFieldError } from '../../kubernetes/apimachinery/field-selector.ts';
import { badRequestError, expiredError, notFoundError, timeoutError } from '../../kubernetes/apimachinery/status-errors.ts';
import type { RangeRequest, RangeResponse } from '../../kubernetes/protocols/etcd.ts';
import { write } from '../../simulation/process/effects.ts';
import { answer, listOf, refuse } from './answers.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import { listOptionsRefusal } from './list-options.ts';
import { cacheKey, scopeOf, storageKey } from './served.ts';
import { cached, cacheOf, type Inflight, type Step, type Watcher } from './state.ts';
import { callEtcd, decode, rangeKey } from './storage.ts';
import { scaleOf } from './subresources/scale.ts';
import { fieldMatcher, labelMatcher, wants } from './watchers.ts';
import type { View } from './views.ts';

const cacheReadUs = 300;

/** Models the handler's reading of `resourceVersion`: absent means the newest, `0` means any. */
export function get(step: Step, inflight: Inflight): void {
  const { request, served } = inflight;
  if (request.query?.resourceVersion === undefined || !served.watchCache) return rangeKey(step, { kind: 'get', inflight }, storageKey(served, request.namespace, request.name ?? ''));
  answerGet(step, inflight, cached(step.state, served.key, cacheKey(served, request.namespace, request.name ?? '')));
}

export const takeGet = (step: Step, inflight: Inflight, { kvs }: RangeResponse): void => answerGet(step, inflight, kvs[0] === undefined ? undefined : decode(kvs[0]));

function answerGet(step: Step, inflight: Inflight, object: KubeObject | undefined): void {
  const { request, served } = inflight;
  if (object === undefined) {
    const missing = notFoundError(served.info, request.name ?? '');
    return answer(step, inflight, 404, missing, cacheReadUs);
  }
  answer(step, inflight, 200, request.subresource === 'scale' ? scaleOf(object, inflight) : object, cacheReadUs);
}

/** What a list or a watch asks for, and what is wrong with it. */
export function queryOf({ request, served }: Inflight): Pick<Watcher, 'namespace' | 'name' | 'labels' | 'fields'> | Status {
  const unfit = request.query === undefined ? undefined : listOptionsRefusal(request);
  if (unfit !== undefined) return unfit;
  const { labelSelector = '', fieldSelector: asked = '' } = request.query ?? {};
  let fieldSelector = asked;
  try {
    labelMatcher(labelSelector);
    if (served.view !== undefined && asked !== '') fieldSelector = storedFields(served.view, asked);
    const matcher = fieldMatcher(fieldSelector);
    // A custom kind's fields are named by its definition, which the view has asked.
    const unsupported = served.custom === undefined ? unsupportedFieldError(served.key, matcher) : undefined;
    if (unsupported !== undefined) return badRequestError(unsupported);
  } catch (error) {
    return badRequestError((error as Error).message);
  }
  return { namespace: request.namespace ?? '', name: request.name ?? '', labels: labelSelector, fields: fieldSelector };
}

/** A field selector in the words of the stored version. Models the field label conversions of pkg/apis/events/v1/conversion.go. */
const storedFields = (view: View, selector: string): string => compileFieldRequirements(fieldMatcher(selector).requirements.map((one) => {
  if (one.field === 'metadata.name' || one.field === 'metadata.namespace') return one;
  const field = view.fields[one.field];
  if (field === undefined) throw new Error(`field label not supported: ${one.field}`);
  return { ...one, field };
})).toString();

/** Answers from the cache, or finds out first how new the cache must be. */
export function list(step: Step, inflight: Inflight): void {
  const { query } = inflight.request;
  const asked = queryOf(inflight);
  if ('kind' in asked) return refuse(step, inflight, asked, 'decoding');
  if (query?.continue !== undefined && query.continue !== '') return nextPage(step, inflight, query.continue);
  const version = query?.resourceVersion ?? '';
  if (query?.resourceVersionMatch === 'Exact' && version !== '' && version !== '0') return page(step, inflight, Number(version), '');
  if (!inflight.served.watchCache) return page(step, inflight, 0, '');
  if (version === '') {
    const { prefix } = inflight.served;
    return callEtcd(step, { kind: 'latest-revision', inflight }, 'Range', { key: prefix, rangeEnd: `${prefix.slice(0, -1)}0`, countOnly: true } satisfies RangeRequest);
  }
  whenFresh(step, inflight, Number(version));
}

/** Answers once the cache has seen the revision. Models watch_cache.go: waitUntilFreshAndBlock, and RequestProgress for quiet resources. */
export function whenFresh(step: Step, inflight: Inflight, revision: number): void {
  const { key } = inflight.served;
  if (cacheOf(step.state, key).revision >= revision) return answerFromCache(step, inflight);
  step.state = { ...step.state, waiting: [...step.state.waiting, { inflight, revision }] };
  askProgress(step, key);
}

/** Asks the watch that feeds a cache how far it is, if any list still waits for it. */
export function askProgress(step: Step, key: string): void {
  if (!step.state.waiting.some(({ inflight }) => inflight.served.key === key)) return;
  const stream = step.state.feeds.findKey((one) => one === key);
  if (stream !== undefined) step.effects.push(write(stream, { type: 'etcd.WatchProgressRequest', body: {} }));
}

/** Answers the lists that waited for what this resource's cache now has. */
export function releaseWaiting(step: Step, resource: string): void {
  const { waiting } = step.state;
  if (waiting.length === 0) return;
  const { revision } = cacheOf(step.state, resource);
  const ready = waiting.filter((one) => one.inflight.served.key === resource && one.revision <= revision);
  if (ready.length === 0) return;
  step.state = { ...step.state, waiting: waiting.filter((one) => !ready.includes(one)) };
  for (const { inflight } of ready) answerFromCache(step, inflight);
}

/** Gives up on the lists that waited, when etcd is gone. */
export function refuseWaiting(step: Step): void {
  const { waiting } = step.state;
  step.state = { ...step.state, waiting: [] };
  for (const { inflight, revision } of waiting) {
    refuse(step, inflight, timeoutError(`Too large resource version: ${revision}, current: ${cacheOf(step.state, inflight.served.key).revision}`, 1), 'storage');
  }
}

function answerFromCache(step: Step, inflight: Inflight): void {
  const query = queryOf(inflight);
  if ('kind' in query) return refuse(step, inflight, query, 'decoding');
  const cache = cacheOf(step.state, inflight.served.key);
  const { request } = inflight;
  const limit = request.query?.limit ?? 0;
  const all = query.namespace === '' && query.name === '' && query.labels === '' && query.fields === '';
  const keys: string[] = [];
  cache.objects.forEach((object, key) => { if (all || wants(query, object)) keys.push(key); });
  keys.sort();
  // `resourceVersion=0` is answered whole, as upstream does, whatever the limit.
  const cut = limit > 0 && keys.length > limit && (request.query?.resourceVersion ?? '') === '' ? limit : keys.length;
  const items: KubeObject[] = [];
  for (let i = 0; i < cut; i++) items.push(cache.objects.get(keys[i]!)!);
  const more = cut === keys.length ? {} : {
    continue: encodeContinue(cache.revision, keys[cut - 1]!),
    // With selectors upstream does not know how many are left.
    ...(query.labels === '' && query.fields === '' ? { remainingItemCount: keys.length - cut } : {}),
  };
  answer(step, inflight, 200, listOf(inflight, items, cache.revision, more), cacheReadUs + cut * 5);
}

function nextPage(step: Step, inflight: Inflight, token: string): void {
  const decoded = decodeContinue(token);
  if (decoded === undefined) return refuse(step, inflight, badRequestError('continue key is not valid: illegal base64 data or unknown version'), 'decoding');
  // -1 goes on at the newest.
  page(step, inflight, Math.max(0, decoded.revision), decoded.after);
}

/** Reads a page as the key space was at a revision (0: as it is): from etcd, which keeps older ones until they are compacted. */
function page(step: Step, inflight: Inflight, revision: number, after: string): void {
  const { served, request } = inflight;
  const scope = scopeOf(served, request.namespace ?? '');
  const key = after === '' ? scope.key : `${served.prefix}${after}\u0000`;
  callEtcd(step, { kind: 'page', inflight, revision }, 'Range', { key, rangeEnd: scope.rangeEnd, ...(revision === 0 ? {} : { revision }) } satisfies RangeRequest);
}

export function takePage(step: Step, inflight: Inflight, asked: number, { kvs, revision: newest }: RangeResponse): void {
  const revision = asked === 0 ? newest : asked;
  const least = Number(inflight.request.query?.resourceVersion ?? 0);
  if (least > newest) return refuse(step, inflight, timeoutError(`Too large resource version: ${least}, current: ${newest}`), 'storage');
  const query = queryOf(inflight);
  if ('kind' in query) return refuse(step, inflight, query, 'decoding');
  const matching = kvs.map(decode).filter((object) => wants(query, object));
  const limit = inflight.request.query?.limit ?? 0;
  const items = limit > 0 ? matching.slice(0, limit) : matching;
  const last = items[items.length - 1];
  const left = matching.length - items.length;
  const more = left === 0 || last === undefined ? {} : { continue: encodeContinue(revision, cacheKey(inflight.served, last.metadata.namespace, last.metadata.name)), ...(query.labels === '' && query.fields === '' ? { remainingItemCount: left } : {}) };
  answer(step, inflight, 200, listOf(inflight, items, revision, more), cacheReadUs + items.length * 5);
}

/**
 * etcd no longer keeps the revision a page is to be read at; a list may go on where it was, as things are now (revision -1).
 * Models storage/etcd3/errors.go: handleCompactedErrorForPaging.
 */
export function pageExpired({ request: { query } }: Inflight): Status {
  const decoded = decodeContinue(query?.continue ?? '');
  if (decoded === undefined) return expiredError('The resourceVersion for the provided list is too old.');
  const expired = expiredError('The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.');
  return { ...expired, metadata: { continue: encodeContinue(-1, decoded.after) } };
}
