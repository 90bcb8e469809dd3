/** Deletes each object that matches, as a request of its own. Models store.go: DeleteCollection. */
import type { DeleteOptions, KubeObject } from '../../kubernetes/api/index.ts';
import { isFailure } from '../../kubernetes/apimachinery/status-errors.ts';
import type { RangeRequest, RangeResponse } from '../../kubernetes/protocols/etcd.ts';
import { answer, listOf, refuse } from './answers.ts';
import { ownRequest } from './bootstrap.ts';
import { warningsOnDelete } from './deletion.ts';
import { queryOf } from './reads.ts';
import { scopeOf } from './served.ts';
import { cacheOf, newId, type Finished, type Inflight, type Step } from './state.ts';
import { callEtcd, decode } from './storage.ts';
import { wants } from './watchers.ts';
import { change } from './writes.ts';

export function deleteCollection(step: Step, given: Inflight): void {
  const warnings = warningsOnDelete(given.served, (given.request.body ?? {}) as DeleteOptions);
  const inflight = warnings === undefined ? given : { ...given, warnings: [...given.warnings ?? [], ...warnings] };
  const query = queryOf(inflight);
  if ('kind' in query) return refuse(step, inflight, query, 'decoding');
  const { served, request } = inflight;
  if (!served.watchCache) return callEtcd(step, { kind: 'collection', inflight }, 'Range', scopeOf(served, request.namespace ?? '') satisfies RangeRequest);
  const items: KubeObject[] = [];
  cacheOf(step.state, served.key).objects.forEach((object) => { if (wants(query, object)) items.push(object); });
  deleteAll(step, inflight, items);
}

/** The objects of a collection without a watch cache have been read. */
export function takeCollection(step: Step, inflight: Inflight, { kvs }: RangeResponse): void {
  const query = queryOf(inflight);
  if (!('kind' in query)) deleteAll(step, inflight, kvs.map(decode).filter((object) => wants(query, object)));
}

const gone = (inflight: Inflight, items: readonly KubeObject[]) => ({ ...listOf(inflight, items, 0), metadata: { resourceVersion: '' } });

function deleteAll(step: Step, inflight: Inflight, items: readonly KubeObject[]): void {
  if (items.length === 0) return answer(step, inflight, 200, gone(inflight, items));
  const { request } = inflight;
  const body = request.query?.dryRun === 'All' ? { ...request.body as object | undefined, dryRun: ['All'] } : request.body;
  const hook = newId(step, 'collection');
  step.state = { ...step.state, collections: step.state.collections.set(hook, { inflight, left: items.length, items }) };
  for (const { metadata: { name, namespace } } of items) {
    const own = ownRequest(step, inflight.served, { verb: 'delete', namespace, name, body }, hook);
    change(step, { ...own, user: inflight.user, request: { ...own.request, user: request.user } });
  }
}

/** One of a collection was deleted, or refused; after the last the answer is given, which is the first refusal where there is one. */
export function collectedOn(step: Step, { hook, code, body }: Finished): void {
  const before = step.state.collections.get(hook);
  if (before === undefined) return;
  const collection = before.failed === undefined && code >= 400 && code !== 404 && isFailure(body) ? { ...before, failed: body } : before;
  const left = collection.left - 1;
  if (left > 0) {
    step.state = { ...step.state, collections: step.state.collections.set(hook, { ...collection, left }) };
    return;
  }
  step.state = { ...step.state, collections: step.state.collections.delete(hook) };
  if (collection.failed !== undefined) return refuse(step, collection.inflight, collection.failed, 'admission');
  answer(step, collection.inflight, 200, gone(collection.inflight, collection.items));
}
