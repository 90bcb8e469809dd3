/** When the rules are written. Models pkg/proxy/runner/bounded_frequency_runner.go: at most once in minSyncPeriod, at once if it was quiet before. */
import { PMap, PSet } from '../../simulation/collections/index.ts';
import type { EndpointSlice, Service } from '../../kubernetes/api/index.ts';
import { deepEqual } from '../../kubernetes/apimachinery/index.ts';
import { lister, startClient, stepClient, type ClientNews, type ClientState } from '../../kubernetes/client-go/index.ts';
import { note, setTimer } from '../../simulation/process/effects.ts';
import type { Effect, Outcome, ProcessEvent, SimTime } from '../../simulation/process/process.ts';
import { rulesOf, serviceLabel, type Rule } from './rules.ts';

export const minSyncPeriodUs = 1_000_000;

export interface KubeProxyInput { readonly apiServer: string; readonly node: string }

export interface KubeProxyState {
  readonly input: KubeProxyInput;
  readonly client: ClientState;
  /** The rules in the kernel, by Service (`default/web`). They stay when kube-proxy stops. */
  readonly rules: PMap<string, readonly Rule[]>;
  /** Services of which something changed since the rules were last written, and whether all are to be written anew (after a start). */
  readonly dirty: PSet<string>;
  readonly writeAll: boolean;
  readonly lastSyncUs: SimTime | undefined;
  readonly timerSet: boolean;
}

/** List and watch Services and EndpointSlices. */
export function begin(state: KubeProxyState, event: ProcessEvent): Outcome<KubeProxyState> {
  const [client, effects] = startClient(state.client, event.env);
  return [{ ...state, client }, effects];
}

const serviceOf = (news: Extract<ClientNews, { resource: string }>): string => {
  const { metadata } = news.object;
  return `${metadata.namespace ?? 'default'}/${news.resource === 'services' ? metadata.name : metadata.labels?.[serviceLabel] ?? ''}`;
};

/** Something changed: mark the Service, and write as soon as the last writing is a second ago. */
export function hear(state: KubeProxyState, event: ProcessEvent): Outcome<KubeProxyState> {
  const { client, effects, news } = stepClient(state.client, event);
  let { dirty } = state;
  for (const item of news) if (item.type === 'added' || item.type === 'updated' || item.type === 'deleted') dirty = dirty.add(serviceOf(item));
  const next = { ...state, client, dirty };
  // Nothing is written before both lists have come: half a table would cut connections.
  if (!client.synced || (dirty.size === 0 && !next.writeAll)) return [next, effects];
  const dueUs = state.lastSyncUs === undefined ? event.env.nowUs : state.lastSyncUs + minSyncPeriodUs;
  if (dueUs <= event.env.nowUs) {
    const [written, more] = writeRules(next, event);
    return [written, [...effects, ...more]];
  }
  if (next.timerSet) return [next, effects];
  return [{ ...next, timerSet: true }, [...effects, setTimer('sync', dueUs - event.env.nowUs)]];
}

/** The second is over: write what changed meanwhile. */
export function syncDue(state: KubeProxyState, event: ProcessEvent): Outcome<KubeProxyState> {
  return writeRules({ ...state, timerSet: false }, event);
}

function writeRules(state: KubeProxyState, event: ProcessEvent): Outcome<KubeProxyState> {
  const services = lister(state.client, 'services');
  const slices = lister(state.client, 'endpointslices');
  const names = state.writeAll ? [...new Set([...state.rules.keys(), ...[...services.all()].map(keyOf)])] : [...state.dirty];
  let { rules } = state;
  const changed: string[] = [];
  for (const name of names.sort()) {
    const slash = name.indexOf('/');
    const service = services.get(name.slice(0, slash), name.slice(slash + 1)) as Service | undefined;
    const wanted = service === undefined ? [] : rulesOf(service, slices.byIndex('service', name) as Iterable<EndpointSlice>, state.input.node);
    if (deepEqual(rules.get(name) ?? [], wanted)) continue;
    rules = wanted.length === 0 ? rules.delete(name) : rules.set(name, wanted);
    changed.push(name);
  }
  const effects: Effect[] = changed.length === 0 ? [] : [note({ name: 'rules', text: inWords(changed, rules), detail: changed.map((name) => ({ service: name, rules: rules.get(name) ?? [] })), afterUs: 15_000 })];
  return [{ ...state, rules, dirty: state.dirty.clear(), writeAll: false, lastSyncUs: event.env.nowUs }, effects];
}

function inWords(changed: readonly string[], rules: KubeProxyState['rules']): string {
  if (changed.length > 3) return `wrote the rules of ${changed.length} Services`;
  const parts = changed.map((name) => {
    const endpoints = rules.get(name)?.[0]?.endpoints;
    if (endpoints === undefined) return `${name} (removed)`;
    return `${name} (${endpoints.length === 0 ? 'no endpoint: rejected' : endpoints.map(({ address, port }) => `${address}:${port}`).slice(0, 4).join(', ')}${endpoints.length > 4 ? ` and ${endpoints.length - 4} more` : ''})`;
  });
  return `wrote the rules of ${parts.join(', ')}`;
}

export const keyOf = ({ metadata }: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string => `${metadata.namespace ?? 'default'}/${metadata.name}`;
