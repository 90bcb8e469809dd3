import { PMap } from '../../simulation/collections/index.ts';
import type { Event, KubeObject, ObjectReference } from '../api/index.ts';
import type { SimTime } from '../../simulation/process/process.ts';
import { formatTime } from '../apimachinery/time.ts';

/** What a component wants to report about an object. */
export interface EventReport {
  readonly regarding: KubeObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  readonly component: string;
  readonly host?: string;
  /** Part of the object: `spec.containers{web}`. */
  readonly fieldPath?: string;
}

interface Similar { readonly messages: PMap<string, true>; readonly lastUs: SimTime }
interface Logged { readonly name: string; readonly count: number; readonly firstTimestamp: string }

/** What was reported lately: by object (spam), by kind of message (aggregation), and by exact message (counting). */
export interface EventCorrelation {
  /** By source and object: when its bucket of 25 would be full again. */
  readonly fullAtUs: PMap<string, SimTime>;
  readonly similar: PMap<string, Similar>;
  readonly logged: PMap<string, Logged>;
}

export const noCorrelation: EventCorrelation = { fullAtUs: PMap(), similar: PMap(), logged: PMap() };

/** What to send: a new Event, a patch that counts up an old one, or nothing because this object is being spammed about. */
export type EventPlan = { readonly do: 'create' | 'patch'; readonly event: Event; readonly patch?: unknown; readonly key: string } | { readonly do: 'drop' };

// client-go/tools/record/events_cache.go
const maxSimilar = 10;
const similarWithinUs = 600_000_000;
const spamBurst = 25;
const spamIntervalUs = 300_000_000;
/** Upstream's caches are LRUs of 4096; these are emptied when they reach it. */
const cacheLimit = 4096;

const epochUs = 1_767_225_600_000_000n;

const room = <Value>(map: PMap<string, Value>): PMap<string, Value> => (map.size >= cacheLimit ? map.clear() : map);

/** The reference to an object that its Events carry. */
export function referenceTo(object: KubeObject, fieldPath?: string): ObjectReference {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  return {
    kind: object.kind, ...(namespace === undefined ? {} : { namespace }), name, ...(uid === undefined ? {} : { uid }),
    apiVersion: object.apiVersion, ...(resourceVersion === undefined ? {} : { resourceVersion }), ...(fieldPath === undefined ? {} : { fieldPath }),
  };
}

/** Decide what becomes of a report. Models client-go/tools/record/events_cache.go: EventCorrelate (aggregate, then count, then the spam filter). */
export function correlate(state: EventCorrelation, report: EventReport, nowUs: SimTime, sequence: number): { readonly state: EventCorrelation; readonly plan: EventPlan } {
  const { regarding, reason, type, component } = report;
  const { name, namespace, uid } = regarding.metadata;
  const source = `${component}/${report.host ?? ''}/${regarding.kind}/${namespace ?? ''}/${name}/${uid ?? ''}`;
  const kindOfMessage = `${source}/${report.fieldPath ?? ''}/${type}/${reason}`;

  const before = state.similar.get(kindOfMessage);
  const fresh = before === undefined || nowUs - before.lastUs > similarWithinUs ? PMap<string, true>() : before.messages;
  const tooMany = fresh.size + (fresh.has(report.message) ? 0 : 1) >= maxSimilar;
  // The set never needs to hold more than the limit: upstream pops one again once it is reached.
  const messages = tooMany ? fresh : fresh.set(report.message, true);
  const similar = room(state.similar).set(kindOfMessage, { messages, lastUs: nowUs });

  const message = tooMany ? `(combined from similar events): ${report.message}` : report.message;
  const key = tooMany ? kindOfMessage : `${kindOfMessage}/${report.message}`;
  const seen = state.logged.get(key);
  const time = formatTime(nowUs);
  const logged: Logged = seen === undefined
    ? { name: eventName(name, nowUs, sequence), count: 1, firstTimestamp: time }
    : { ...seen, count: seen.count + 1 };

  const fullAtUs = Math.max(state.fullAtUs.get(source) ?? 0, nowUs);
  const allowed = fullAtUs - nowUs <= (spamBurst - 1) * spamIntervalUs;
  const next: EventCorrelation = {
    similar, logged: room(state.logged).set(key, logged),
    fullAtUs: allowed ? room(state.fullAtUs).set(source, fullAtUs + spamIntervalUs) : state.fullAtUs,
  };
  if (!allowed) return { state: next, plan: { do: 'drop' } };
  const event: Event = {
    apiVersion: 'v1', kind: 'Event', metadata: { name: logged.name, namespace: namespace ?? 'default' },
    involvedObject: referenceTo(regarding, report.fieldPath), reason, message,
    source: report.host === undefined ? { component } : { component, host: report.host },
    firstTimestamp: logged.firstTimestamp, lastTimestamp: time, count: logged.count, type, eventTime: null,
    reportingComponent: component, reportingInstance: report.host ?? '',
  };
  if (seen === undefined) return { state: next, plan: { do: 'create', event, key } };
  return { state: next, plan: { do: 'patch', event, key, patch: tooMany ? { count: logged.count, lastTimestamp: time, message } : { count: logged.count, lastTimestamp: time } } };
}

/** Upstream names an Event after its object and the nanosecond; our clock counts microseconds, so a running number makes up the rest. */
function eventName(object: string, nowUs: SimTime, sequence: number): string {
  return `${object}.${((epochUs + BigInt(nowUs)) * 1000n + BigInt(sequence % 1000)).toString(16)}`;
}
