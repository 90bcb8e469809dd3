import { useEffect, useState } from 'react';
import { differencesOf, noLosses } from '../../store/differences.ts';
import type { Difference, Losses } from '../../store/differences.ts';
import { partsAt } from '../../store/futures.ts';
import type { SessionStore } from '../../store/session-store.ts';

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Where the two part; Infinity while nothing was done in only one of them. */
  readonly partsUs: number;
  /** The moment that both show; -1 before they first do. */
  readonly atUs: number;
  readonly losses: readonly [here: Losses, there: Losses];
  /** True while the other world is not yet where this one is. */
  readonly waiting: boolean;
}

/** Sentences that change more often can not be read. */
const everyMs = 250;

const stageKey = (key: string): string => key.replace(/^(host|truth)\//, 'object/Node//');

/** What differs between two worlds at the moment that both show, told a few times a second, and lit on both stages. */
export function useDifferences(here: SessionStore, there: SessionStore): Comparison {
  const [comparison, setComparison] = useState<Comparison>({ differences: [], partsUs: Infinity, atUs: -1, losses: [noLosses, noLosses], waiting: true });
  useEffect(() => {
    let [timer, alive] = [undefined as ReturnType<typeof setTimeout> | undefined, true];
    const compare = async (): Promise<void> => {
      const [a, b] = [here.getState(), there.getState()];
      const partsUs = partsAt(a.recording, b.recording);
      if (a.phase !== 'ready' || b.phase !== 'ready' || Math.floor(a.playheadUs) !== Math.floor(b.playheadUs)) return setComparison((before) => (before.waiting ? before : { ...before, waiting: true }));
      const atUs = a.playheadUs;
      const differences = differencesOf(a.rows, b.rows, atUs);
      const outlined = new Set(differences.map(({ key }) => stageKey(key)));
      for (const store of [here, there]) store.act.look({ outlined });
      const losses = atUs > partsUs ? await Promise.all([lossesOf(here, partsUs, atUs), lossesOf(there, partsUs, atUs)]) : [noLosses, noLosses] as const;
      if (alive) setComparison({ differences, partsUs, atUs, losses: [losses[0], losses[1]], waiting: false });
      return undefined;
    };
    const soon = (): void => { timer ??= setTimeout(() => { timer = undefined; void compare(); }, everyMs); };
    const stops = [here, there].map((store) => store.subscribe((state, before) => { if (state.playheadUs !== before.playheadUs || state.phase !== before.phase || state.recording !== before.recording) soon(); }));
    soon();
    return () => {
      alive = false;
      clearTimeout(timer);
      for (const stop of stops) stop();
      here.act.look({ outlined: null });
    };
  }, [here, there]);
  return comparison;
}

async function lossesOf(store: SessionStore, fromUs: number, toUs: number): Promise<Losses> {
  const answer = await store.act.query({ type: 'losses', fromUs, toUs: Math.floor(toUs) }, 'all');
  return answer.type === 'losses' ? answer : noLosses;
}
