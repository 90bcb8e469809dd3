import type { MessageRow } from '../session/port/rows.ts';
import { firstAfter } from './message-index.ts';

/** The stations of a request inside the API server, in the order in which it passes them. */
export const requestStages = ['authentication', 'authorization', 'admission', 'validation', 'storage', 'watch'] as const;
export type RequestStage = (typeof requestStages)[number];

/** What the stage depends on: the messages that are known. */
export interface KnownMessages {
  /** Ascending moments at which a piece of news is sent or arrives. */
  readonly instants: readonly number[];
  inFlight(at: number): readonly MessageRow[];
  lastArrival(at: number, withinUs: number): MessageRow | undefined;
}

/** Longer than this no request stays inside without a sign of it outside. */
const mostUs = 1_000_000;

/**
 * Where in the API server the request is that arrived last: a pure function of what is known and of the moment. What lies between its
 * arrival and the next thing that leaves is shared out among the stations before that; a call to etcd and a watch event show themselves.
 */
export function requestStage(known: KnownMessages, api: string, atUs: number): RequestStage | undefined {
  const near = known.inFlight(atUs).filter((message) => !message.background && (message.from === api || message.to === api));
  if (near.some((message) => message.kind === 'etcd')) return 'storage';
  if (near.some((message) => message.kind === 'watch' && message.from === api)) return 'watch';
  const last = known.lastArrival(atUs, mostUs);
  if (last === undefined || last.to !== api || last.kind !== 'request') return undefined;
  const nextUs = known.instants[firstAfter(known.instants, atUs)];
  if (nextUs === undefined || nextUs - last.arrivesAtUs > mostUs) return undefined;
  const stations = stationsOf(last.label);
  const share = (atUs - last.arrivesAtUs) / Math.max(1, nextUs - last.arrivesAtUs);
  return stations[Math.min(stations.length - 1, Math.floor(share * stations.length))];
}

/** Only what changes something is admitted and validated; a watch goes on from where lists are answered. */
function stationsOf(label: string): readonly RequestStage[] {
  if (label.startsWith('WATCH')) return ['authentication', 'authorization', 'watch'];
  if (label.startsWith('GET')) return ['authentication', 'authorization', 'storage'];
  return ['authentication', 'authorization', 'admission', 'validation'];
}
