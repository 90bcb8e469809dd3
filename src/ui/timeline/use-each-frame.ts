import { useEffect } from 'react';
import type { AppState } from '../../store/state.ts';
import { useSession } from '../shell/app-store.ts';

/** Writes into the page what changes with every frame: nothing around it is rendered again. */
export function useEachFrame(write: (state: AppState) => void): void {
  const session = useSession();
  useEffect(() => {
    write(session.getState());
    return session.subscribe((state, before) => { if (state.playheadUs !== before.playheadUs) write(state); });
  }, [session, write]);
}
