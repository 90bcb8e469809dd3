import { PMap, PSet } from '../../../simulation/collections/index.ts';
import type { SimTime } from '../../../simulation/process/process.ts';

/**
 * What a controller has asked for and not yet seen in its cache: until it has, it does not count its objects and act again.
 * Models pkg/controller/controller_utils.go: ControllerExpectations and UIDTrackingControllerExpectations.
 */
export interface Expectation { readonly adds: number; readonly deletes: PSet<string>; readonly setAtUs: SimTime }
export type Expectations = PMap<string, Expectation>;

const timeoutUs = 300_000_000;

export const noExpectations: Expectations = PMap();

export const expectCreations = (all: Expectations, key: string, adds: number, nowUs: SimTime): Expectations =>
  all.set(key, { adds, deletes: PSet(), setAtUs: nowUs });

/** Both at once. Models SetExpectations. */
export const expectChanges = (all: Expectations, key: string, adds: number, deletes: readonly string[], nowUs: SimTime): Expectations =>
  all.set(key, { adds, deletes: PSet(deletes), setAtUs: nowUs });

export const expectDeletions = (all: Expectations, key: string, names: readonly string[], nowUs: SimTime): Expectations =>
  all.set(key, { adds: 0, deletes: PSet(names), setAtUs: nowUs });

/** So many of the Pods asked for were seen, or will never come. */
export function creationsObserved(all: Expectations, key: string, count = 1): Expectations {
  const known = all.get(key);
  return known === undefined || known.adds <= 0 ? all : all.set(key, { ...known, adds: known.adds - count });
}

export function deletionObserved(all: Expectations, key: string, name: string): Expectations {
  const known = all.get(key);
  return known === undefined || !known.deletes.has(name) ? all : all.set(key, { ...known, deletes: known.deletes.delete(name) });
}

/** Whether the cache shows all that was asked for, or so much time has passed that something must have been missed. */
export function satisfied(all: Expectations, key: string, nowUs: SimTime): boolean {
  const known = all.get(key);
  return known === undefined || (known.adds <= 0 && known.deletes.size === 0) || nowUs - known.setAtUs > timeoutUs;
}
