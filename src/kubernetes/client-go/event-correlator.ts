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

/** What one source said of one object lately. */
interface About {
  /** When its bucket of 25 would be full again (spam). */
  readonly fullAtUs: SimTime;
  /** By kind of message (aggregation). */
  readonly similar: PMap<string, Similar>;
  /** By exact message (counting). */
  readonly logged: PMap<string, Logged>;
}

/** What was reported lately, by source and object. */
export type EventCorrelation = PMap<string, About>;

export const noCorrelation: EventCorrelation = PMap();
const nothingSaid: About = { fullAtUs: 0, similar: PMap(), logged: PMap() };

/** What to send: a new Event, a patch that counts up an old one, or nothing because this object is being spammed about. */
export type EventPlan = { readonly do: 'create' | 'patch'; readonly event: Event; readonly patch?: unknown; readonly key: string } | { readonly do: 'drop' };

// client-go/tools/record/events_cache.go
const maxSimilar = 10;
const similarWithinUs = 600_000_000;
const spamBurst = 25;
const spamIntervalUs = 300_000_000;
/** Upstream's caches are LRUs of 4096; this one is emptied when it reaches it. */
const cacheLimit = 4096;

const epochUs = 1_767_225_600_000_000n;

/** The reference to an object that its Events carry. */
export function referenceTo(object: KubeObject, fieldPath?: string): ObjectReference {
  const { namespace, name, uid, resourceVersion } = object.metadata;
  const reference: { -readonly [K in keyof ObjectReference]: ObjectReference[K] } = { kind: object.kind };
  if (namespace !== undefined) reference.namespace = namespace;
  reference.name = name;
  if (uid !== undefined) reference.uid = uid;
  reference.apiVersion = object.apiVersion;
  if (resourceVersion !== undefined) reference.resourceVersion = resourceVersion;
  if (fieldPath !== undefined) reference.fieldPath = fieldPath;
  return reference;
}

/** Decide what becomes of a report. Models client-go/tools/record/events_cache.go: EventCorrelate (aggregate, then count, then the spam filter). */
export function correlate(state: EventCorrelation, report: EventReport, nowUs: SimTime, sequence: number): { readonly state: EventCorrelation; readonly plan: EventPlan } {
  const { regarding, reason, type, component } = report;
  const { name, namespace, uid } = regarding.metadata;
  const source = `${component}/${report.host ?? ''}/${regarding.kind}/${namespace ?? ''}/${name}/${uid ?? ''}`;
  const kindOfMessage = `${report.fieldPath ?? ''}/${type}/${reason}`;
  const about = state.get(source) ?? nothingSaid;

  const before = about.similar.get(kindOfMessage);
  const fresh = before === undefined || nowUs - before.lastUs > similarWithinUs ? PMap<string, true>() : before.messages;
  const tooMany = fresh.size + (fresh.has(report.message) ? 0 : 1) >= maxSimilar;
  // The set never needs to hold more than the limit: upstream pops one again once it is reached.
  const messages = tooMany ? fresh : fresh.set(report.message, true);

  const message = tooMany ? `(combined from similar events): ${report.message}` : report.message;
  const key = tooMany ? kindOfMessage : `${kindOfMessage}/${report.message}`;
  const seen = about.logged.get(key);
  const time = formatTime(nowUs);
  const logged: Logged = seen === undefined
    ? { name: eventName(name, nowUs, sequence), count: 1, firstTimestamp: time }
    : { name: seen.name, count: seen.count + 1, firstTimestamp: seen.firstTimestamp };

  const fullAtUs = Math.max(about.fullAtUs, nowUs);
  const allowed = fullAtUs - nowUs <= (spamBurst - 1) * spamIntervalUs;
  const next = (state.size >= cacheLimit ? state.clear() : state).set(source, {
    fullAtUs: allowed ? fullAtUs + spamIntervalUs : about.fullAtUs,
    similar: about.similar.set(kindOfMessage, { messages, lastUs: nowUs }), logged: about.logged.set(key, logged),
  });
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
