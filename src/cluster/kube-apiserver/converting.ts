/**
 * Custom objects between etcd and the version of a request. Those that a webhook converts wait for it, one after the other, as upstream's storage decodes and encodes them.
 * Models staging/src/k8s.io/apiserver/pkg/storage/etcd3/store.go and apiextensions-apiserver/pkg/apiserver/conversion.
 */
import type { Conversion, CustomKind } from '../../kubernetes/apiextensions/custom-kind.ts';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import { latePart } from '../../kubernetes/late-parts.ts';
import type { KeyValue, RangeResponse, TxnResponse, WatchResponse } from '../../kubernetes/protocols/etcd.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import { post, received } from './asking-webhooks.ts';
import type { Served } from './served.ts';
import { newId, type Afterwards, type Call, type CallWithObjects, type Converting, type Step } from './state.ts';

const timeoutSeconds = 30;

export type Converted = { readonly objects: readonly KubeObject[] } | { readonly wrong: string };

/** Objects as the request's version shows them (`reading`), or as they are stored; undefined where they have to wait. */
export const convert = (step: Step, served: Served, reading: boolean, objects: readonly KubeObject[], next: Afterwards): Converted | undefined =>
  goOn(step, { served, reading, objects, done: [], next });

const wayOf = (custom: CustomKind, reading: boolean, object: KubeObject): Conversion => (reading ? custom.fromStored(object) : custom.toStored(object));

function goOn(step: Step, { done: before, ...converting }: Converting): Converted | undefined {
  const { served: { custom }, reading, objects } = converting;
  const done = [...before];
  for (const object of objects.slice(done.length)) {
    const way = wayOf(custom!, reading, object);
    if ('wrong' in way) return way;
    if ('object' in way) done.push(way.object);
    else return ask(step, custom!, way, { ...converting, done });
  }
  return { objects: done };
}

function ask(step: Step, { webhook }: CustomKind, { ask: asked, apiVersion }: Extract<Conversion, { readonly ask: KubeObject }>, converting: Converting): Converted | undefined {
  const { conversionReview, conversionFailed } = latePart('customResources');
  const id = newId(step, 'conversion');
  const failed = post(step, webhook!.clientConfig, timeoutSeconds, 'webhook.ConversionReview', (uid) => conversionReview(webhook!, asked, apiVersion, uid), (posted) => ({ kind: 'conversion', conversion: id, asked, apiVersion, ...posted }));
  if (failed !== undefined) return { wrong: conversionFailed(asked, failed.error) };
  step.state = { ...step.state, conversions: step.state.conversions.set(id, converting) };
  return undefined;
}

/** The webhook has answered, or never will; undefined while others of the same objects wait for it. */
export function takeConversion(step: Step, { conversion, asked, apiVersion, ...posted }: Call & { kind: 'conversion' }, event: ProcessEvent): { readonly next: Afterwards; readonly outcome: Converted } | undefined {
  const converting = step.state.conversions.get(conversion);
  if (converting === undefined) return undefined;
  step.state = { ...step.state, conversions: step.state.conversions.delete(conversion) };
  const answer = received(posted, event);
  const made = 'error' in answer ? { wrong: latePart('customResources').conversionFailed(asked, answer.error) } : converting.served.custom!.converted(answer.body, asked, apiVersion, posted.uid);
  const outcome = 'wrong' in made ? made : goOn(step, { ...converting, done: [...converting.done, made.object] });
  return outcome === undefined ? undefined : { next: converting.next, outcome };
}

// ---- what etcd answers, read

/** How the objects in an answer are served, where they are custom ones. */
export function customIn({ state }: Step, call: CallWithObjects): Served | undefined {
  const served = call.kind === 'sync' ? state.direct.get(call.stream)?.served : call.kind === 'look-up' ? call.served : call.inflight.served;
  return served?.custom === undefined ? undefined : served;
}

/** What was read, with what etcd has of it. */
export type ReadValue = KeyValue & { readonly stored?: KubeObject };
const withValue = (kv: KeyValue, value: KubeObject): ReadValue => ({ ...kv, value, stored: kv.value as KubeObject });
const valueOf = ({ value }: KeyValue): KubeObject => value as KubeObject;

/** The objects in an answer: those that were read; of a write that went well the one that was written. */
export function objectsIn(call: CallWithObjects, body: RangeResponse | TxnResponse): readonly KubeObject[] {
  if ('kvs' in body) return body.kvs.map(valueOf);
  if (!body.succeeded) return (body.responses[0]?.kvs ?? []).map(valueOf);
  return call.kind === 'create' || call.kind === 'put' ? [call.object] : [];
}

/** The answer with other objects in the place of these. */
export function withObjects(call: CallWithObjects, body: RangeResponse | TxnResponse, objects: readonly KubeObject[]): { readonly call: CallWithObjects; readonly body: RangeResponse | TxnResponse } {
  const replaced = (kvs: readonly KeyValue[]): readonly KeyValue[] => kvs.map((kv, index) => withValue(kv, objects[index]!));
  if ('kvs' in body) return { call, body: { ...body, kvs: replaced(body.kvs) } };
  if (!body.succeeded) return { call, body: { ...body, responses: body.responses.map(({ kvs, ...rest }) => (kvs === undefined ? rest : { ...rest, kvs: replaced(kvs) })) } };
  return { call: 'object' in call && objects[0] !== undefined ? { ...call, object: objects[0] } : call, body };
}

// ---- frames of watches

/** What of a frame its watcher has to see: what was there before only where that says whether it saw it. Models storage/etcd3/watcher.go: prepareObjs. */
export function valuesIn({ events }: WatchResponse, selects: boolean): readonly KubeObject[] {
  return events.flatMap(({ type, kv, prevKv }) => [...(type === 'DELETE' ? [] : [valueOf(kv)]), ...(prevKv !== undefined && (type === 'DELETE' || selects) ? [valueOf(prevKv)] : [])]);
}

export function withValues(frame: WatchResponse, selects: boolean, objects: readonly KubeObject[]): WatchResponse {
  let next = 0;
  const events = frame.events.map(({ type, kv, prevKv, ...rest }) => ({
    type, ...rest, kv: type === 'DELETE' ? kv : withValue(kv, objects[next++]!), ...(prevKv === undefined ? {} : { prevKv: type === 'DELETE' || selects ? withValue(prevKv, objects[next++]!) : prevKv }),
  }));
  return { ...frame, events };
}
