/**
 * Objects that a server has of itself, of kinds that few ask for. Models the post-start hooks of pkg/registry (scheduling/rest: AddSystemPriorityClasses).
 * Upstream makes them when it starts; here the first request for their kind makes them, and waits until they are there.
 */
import type { Finished, Inflight, Parked, Step } from './state.ts';
import { ownRequest } from './bootstrap.ts';
import { servedAs } from './served.ts';
import { create } from './writes.ts';

const priorityClass = (name: string, value: number, description: string) => ({
  apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value, description, preemptionPolicy: 'PreemptLowerPriority',
});

/** By the kind's key. */
const builtIn: { readonly [key: string]: readonly object[] | undefined } = {
  'priorityclasses.scheduling.k8s.io': [
    priorityClass('system-node-critical', 2_000_001_000, 'Used for system critical pods that must not be moved from their current node.'),
    priorityClass('system-cluster-critical', 2_000_000_000, 'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.'),
  ],
};

const prefix = 'built-in/';
export const isBuiltInHook = (hook: string): boolean => hook.startsWith(prefix);

const make = (step: Step, key: string, index: number): void =>
  create(step, ownRequest(step, servedAs(key), { verb: 'create', body: builtIn[key]![index] }, `${prefix}${index}/${key}`));

/** Keeps a request until what its kind has of itself is there; false where nothing is missing. */
export function awaitBuiltIn(step: Step, inflight: Inflight, stream: string | undefined): boolean {
  const { key } = inflight.served;
  const known = step.state.builtIn.get(key);
  if (builtIn[key] === undefined || known === 'there') return false;
  step.state = { ...step.state, builtIn: step.state.builtIn.set(key, [...known ?? [], { inflight, stream }]) };
  if (known === undefined) make(step, key, 0);
  return true;
}

/** One of them is there, or could not be made now; those who waited for the last go on. */
export function builtInOn(step: Step, { hook, code }: Finished): readonly Parked[] {
  const [index = '', ...rest] = hook.slice(prefix.length).split('/');
  const key = rest.join('/');
  const failed = code >= 500;
  if (!failed && Number(index) + 1 < builtIn[key]!.length) {
    make(step, key, Number(index) + 1);
    return [];
  }
  const waiting = step.state.builtIn.get(key);
  step.state = { ...step.state, builtIn: failed ? step.state.builtIn.delete(key) : step.state.builtIn.set(key, 'there') };
  return waiting === undefined || waiting === 'there' ? [] : waiting;
}
