import { createStore } from 'zustand/vanilla';
import type { StoreApi } from 'zustand/vanilla';
import type { AppState } from './state.ts';

/** While time flies the page is told of it so often: figures that change with every frame can not be read, and writing them costs the messages their smoothness. */
const tellEveryMs = 115;

/** What changes by the passing of time alone. */
const passing: ReadonlySet<keyof AppState> = new Set(['playheadUs', 'rows', 'mass', 'logCount', 'seenUs', 'rate', 'skipUs', 'waiting']);

const onlyTimePassed = (now: AppState, before: AppState): boolean => (Object.keys(now) as (keyof AppState)[]).every((name) => now[name] === before[name] || passing.has(name));

/** The state as the page writes it down: at once whatever somebody did, a few times a second what only time did. What moves with each frame reads the store itself. */
export class Told {
  readonly store: StoreApi<AppState>;
  readonly #source: StoreApi<AppState>;
  #passing = false;
  #toldMs = -Infinity;

  constructor(source: StoreApi<AppState>) {
    this.#source = source;
    this.store = createStore(() => source.getState());
    source.subscribe((now) => { if (!this.#passing || !onlyTimePassed(now, this.store.getState())) this.store.setState(now, true); });
  }

  /** Lets time pass; what that changes is told when it is due, at the latest by a later call. */
  pass(nowMs: number, tick: () => void): void {
    this.#passing = true;
    tick();
    this.#passing = false;
    if (this.store.getState() === this.#source.getState() || nowMs - this.#toldMs < tellEveryMs) return;
    this.#toldMs = nowMs;
    this.store.setState(this.#source.getState(), true);
  }
}
