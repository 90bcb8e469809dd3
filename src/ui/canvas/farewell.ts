import { createContext, useContext, useEffect, useRef } from 'react';
import type { Dispatch, SetStateAction } from 'react';
import type { PodRow } from '../../session/port/rows.ts';
import { useSession } from '../shell/app-store.ts';
import type { PodSize } from './layout.ts';
import type { Box } from './stage-plan.ts';

/** A Pod that is gone, as it was last seen. */
export interface Departure { readonly key: string; readonly row: PodRow; readonly size: PodSize; readonly box: Box }

/** Where so many go at once, one does not look at each. */
const most = 12;

export const Farewells = createContext<Dispatch<SetStateAction<readonly Departure[]>>>(() => undefined);

/** A card tells that it goes because its Pod is gone: not when it only finds no room, nor in a crowd, where each thing that fades would be a layer of its own. */
export function useFarewell(key: string, seen: PodRow | undefined, size: PodSize, box: Box): void {
  const say = useContext(Farewells);
  const session = useSession();
  const last = useRef<Departure>(undefined);
  useEffect(() => { if (seen !== undefined) last.current = { key, row: seen, size, box }; });
  useEffect(() => () => {
    const departure = last.current;
    if (departure === undefined || (departure.size !== 'card' && departure.size !== 'row') || session.getState().rows[departure.key] !== undefined) return;
    say((gone) => (gone.length < most ? [...gone.filter((each) => each.key !== departure.key), departure] : gone));
  }, [say, session]);
}
