/**
 * The server's own view of roles and bindings, read when it is first needed and followed from then on. Upstream's authorizer has informers for them from the start;
 * here a cluster whose users are all covered by what every cluster has pays nothing for it.
 */
import type { ApiRequest } from '../../../kubernetes/protocols/api.ts';
import { servedAs, type Served } from '../served.ts';
import { emptyCache, setCache, type ApiServerState, type Arrival, type Step } from '../state.ts';
import { fill } from '../watch-cache.ts';
import { knowsPolicy, policyKeys } from './authorizer.ts';

const reading: readonly string[] = ['get', 'list', 'watch'];

/** Whether a request asks about the policy, needs it or changes what it is made of: nobody may give away more than they have, and what is taken away must be noticed from then on. */
export function needsPolicy(state: ApiServerState, { verb, namespace = '' }: ApiRequest, { info, policy, review }: Served): boolean {
  if (review) return info.group === 'authorization.k8s.io' && !knowsPolicy(state);
  if (!policy || reading.includes(verb) || knowsPolicy(state)) return false;
  // The bindings of a namespace that is emptied are not among those that every cluster has.
  return !verb.startsWith('delete') || !info.namespaced || namespace.startsWith('kube-');
}

/** Keeps a request until the roles and bindings are read. */
export function awaitPolicy(step: Step, { id, kind, body }: Arrival): void {
  step.state = { ...step.state, awaitingPolicy: [...step.state.awaitingPolicy, { id, kind, body }] };
  for (const key of policyKeys) {
    if (step.state.caches.has(key)) continue;
    setCache(step, emptyCache(servedAs(key)));
    fill(step, servedAs(key));
  }
}

/** Those who can go on now. */
export function takeArrivals(step: Step): readonly Arrival[] {
  const { awaitingPolicy } = step.state;
  if (awaitingPolicy.length === 0 || !knowsPolicy(step.state)) return [];
  step.state = { ...step.state, awaitingPolicy: [] };
  return awaitingPolicy;
}
