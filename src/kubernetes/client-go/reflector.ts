import { objectKey, type KubeObject, type Status } from '../api/index.ts';
import type { ApiQuery, ApiRequest, ApiResponse, ObjectList, WatchFrame } from '../protocols/api.ts';
import { openStream, request, setTimer } from '../../simulation/process/effects.ts';
import type { Effect, Env, ProcessEvent } from '../../simulation/process/process.ts';
import { noEffects, noNews, type ClientConfig, type ClientNews, type Informer, type InformerSpec } from './client-state.ts';
import { createStore, putObject, removeObject, replaceObjects } from './object-store.ts';

const second = 1_000_000;
const listTimeoutUs = 60 * second;
const minBackoffUs = 800_000;
const maxBackoffUs = 30 * second;
/** A watch that lived this long was healthy: the next failure starts again from the shortest back-off. */
const healthyUs = 120 * second;
const pageSize = 500;
const minWatchSeconds = 300;

/** What a reflector does in answer to an event; `news` in the order in which handlers hear it. */
export interface ReflectorStep { readonly informer: Informer; readonly effects: readonly Effect[]; readonly news: readonly ClientNews[] }

export function createInformer(spec: InformerSpec): Informer {
  return {
    spec, store: createStore(spec.indices), phase: 'idle', id: '', resourceVersion: '', mustList: true, mustListLatest: false, synced: false,
    pages: [], failures: 0, backoffUs: minBackoffUs, openedAtUs: 0,
  };
}

function ask(config: ClientConfig, spec: InformerSpec, verb: 'list' | 'watch', query: ApiQuery): ApiRequest {
  return {
    verb, group: spec.group, version: spec.version, resource: spec.resource,
    ...(spec.namespace === undefined ? {} : { namespace: spec.namespace }),
    query: {
      ...(spec.labelSelector === undefined ? {} : { labelSelector: spec.labelSelector }),
      ...(spec.fieldSelector === undefined ? {} : { fieldSelector: spec.fieldSelector }),
      ...query,
    },
    user: config.user, userAgent: config.userAgent,
  };
}

export const nameOf = ({ name, resource }: InformerSpec): string => name ?? resource;

/** After two vain attempts the third and later ones are a poll, not news. */
const isPoll = (informer: Informer) => informer.failures > 2;

/** Start a list: from any state the server's cache has at first, from at least what we have seen later. */
export function beginList(config: ClientConfig, informer: Informer, id: string, cont?: string): ReflectorStep {
  const resourceVersion = informer.mustListLatest ? undefined : informer.resourceVersion === '' ? '0' : informer.resourceVersion;
  const query: ApiQuery = cont === undefined
    ? { ...(resourceVersion === undefined ? {} : { resourceVersion }), limit: pageSize }
    : { limit: pageSize, continue: cont };
  const message = { type: 'api.list', body: ask(config, informer.spec, 'list', query), background: isPoll(informer) };
  const pages = cont === undefined ? [] : informer.pages;
  return { informer: { ...informer, phase: 'listing', id, pages }, effects: [request(id, config.apiServer, message, { timeoutUs: listTimeoutUs })], news: noNews };
}

function beginWatch(config: ClientConfig, informer: Informer, id: string, env: Env, background: boolean): ReflectorStep {
  const timeoutSeconds = minWatchSeconds + env.random('watch-timeout', minWatchSeconds);
  const body = ask(config, informer.spec, 'watch', { resourceVersion: informer.resourceVersion, allowWatchBookmarks: true, timeoutSeconds });
  return {
    informer: { ...informer, phase: 'watching', id, openedAtUs: env.nowUs },
    effects: [openStream(id, config.apiServer, { type: 'api.watch', body, background })], news: noNews,
  };
}

/** Wait before the next attempt: 0.8 s doubling to 30 s, each with up to as much again as jitter. */
function backOff(informer: Informer, slot: number, env: Env, mustList: boolean): ReflectorStep {
  const healthy = informer.phase === 'watching' && env.nowUs - informer.openedAtUs >= healthyUs;
  const baseUs = healthy ? minBackoffUs : informer.backoffUs;
  const waitUs = baseUs + env.random('reflector-backoff', baseUs);
  const failures = healthy ? 1 : informer.failures + 1;
  const next: Informer = { ...informer, phase: 'backing-off', id: '', mustList, failures, backoffUs: Math.min(baseUs * 2, maxBackoffUs) };
  const timer = setTimer(`client/reflector/${slot}`, waitUs, { name: 'client.reflector', body: slot, background: isPoll(next) });
  return { informer: next, effects: [timer], news: noNews };
}

/** The back-off has passed: list again where that is due, else go on watching from where we were. */
export function tryAgain(config: ClientConfig, informer: Informer, id: string, env: Env): ReflectorStep {
  return informer.mustList ? beginList(config, informer, id) : beginWatch(config, informer, id, env, isPoll(informer));
}

/** The difference between what the store had and what the list says, told as if it had been watched. */
function diff(informer: Informer, items: readonly KubeObject[], cause: number): ClientNews[] {
  const resource = nameOf(informer.spec);
  const before = informer.store.objects;
  const news: ClientNews[] = [];
  if (before.size > 0) {
    const listed = new Set<string>();
    for (const item of items) listed.add(objectKey(item));
    for (const [key, old] of before) if (!listed.has(key)) news.push({ type: 'deleted', resource, object: old, cause });
  }
  for (const object of items) {
    const old = before.get(objectKey(object));
    if (old === undefined) news.push({ type: 'added', resource, object, cause });
    else if (old.metadata.resourceVersion !== object.metadata.resourceVersion) news.push({ type: 'updated', resource, object, old, cause });
  }
  return news;
}

/** The list has been answered, or never will be. */
export function takeList(config: ClientConfig, informer: Informer, slot: number, id: string, event: ProcessEvent): ReflectorStep {
  const { env } = event;
  if (event.type === 'request.failed') return backOff(informer, slot, env, true);
  const { code, body } = event.body as ApiResponse;
  if (code !== 200) {
    // Models reflector.go: list — an expired or too new resourceVersion is answered by listing the most recent state.
    if (code === 410 && !informer.mustListLatest) return beginList(config, { ...informer, mustListLatest: true }, id);
    return backOff(informer, slot, env, true);
  }
  const list = body as ObjectList;
  const items = informer.pages.length === 0 ? list.items : [...informer.pages, ...list.items];
  if (list.metadata.continue !== undefined && list.metadata.continue !== '') return beginList(config, { ...informer, pages: items }, id, list.metadata.continue);
  const news = diff(informer, items, env.eventId);
  const listed: Informer = {
    ...informer, store: replaceObjects(informer.store, items), resourceVersion: list.metadata.resourceVersion,
    mustList: false, mustListLatest: false, synced: true, pages: [],
  };
  const watch = beginWatch(config, listed, id, env, isPoll(informer));
  return { informer: watch.informer, effects: watch.effects, news };
}

/** One line of the watch: the store follows it, and handlers hear of it as client-go's DeltaFIFO would tell it. */
export function takeFrame(config: ClientConfig, informer: Informer, id: string, event: ProcessEvent): ReflectorStep {
  if (event.type === 'watch.error') {
    const status = (event.body as WatchFrame).object as Status;
    // 410: our revision is gone; list again at once. Anything else ends like a broken stream: the close that follows is backed off.
    return status.code === 410 ? beginList(config, { ...informer, mustList: true }, id) : { informer: { ...informer, mustList: true }, effects: noEffects, news: noNews };
  }
  const object = (event.body as WatchFrame).object as KubeObject;
  const resourceVersion = object.metadata.resourceVersion ?? informer.resourceVersion;
  if (event.type === 'watch.bookmark') return { informer: { ...informer, resourceVersion }, effects: noEffects, news: noNews };
  const key = objectKey(object);
  const resource = nameOf(informer.spec);
  const old = informer.store.objects.get(key);
  const cause = event.env.eventId;
  const failures = 0;
  if (event.type === 'watch.deleted') {
    const store = old === undefined ? informer.store : removeObject(informer.store, key, old);
    return { informer: { ...informer, store, resourceVersion, failures }, effects: noEffects, news: old === undefined ? noNews : [{ type: 'deleted', resource, object, old, cause }] };
  }
  const store = putObject(informer.store, key, old, object);
  const news: ClientNews = old === undefined ? { type: 'added', resource, object, cause } : { type: 'updated', resource, object, old, cause };
  return { informer: { ...informer, store, resourceVersion, failures }, effects: noEffects, news: [news] };
}

/** The watch ended. A long watch that the server closed is dialled again at once, anything else after the back-off. */
export function takeClose(config: ClientConfig, informer: Informer, slot: number, id: string, event: ProcessEvent): ReflectorStep {
  const { env } = event;
  const orderly = (event.body as { reason?: string } | undefined)?.reason === 'closed' && env.nowUs - informer.openedAtUs > second;
  if (orderly && !informer.mustList) return beginWatch(config, { ...informer, failures: 0, backoffUs: minBackoffUs }, id, env, true);
  return backOff(informer, slot, env, informer.mustList);
}
