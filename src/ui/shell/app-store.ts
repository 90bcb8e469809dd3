import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { SessionConnection } from '../../store/connection.ts';
import type { SessionStore } from '../../store/session-store.ts';
import type { Actions, AppState } from '../../store/state.ts';

/** The store of the session that this part of the page shows: by context, so that two on one page never meet. */
export const AppStoreContext = createContext<SessionStore | null>(null);

/** How to reach another world, where the page may have more than one. */
export const ConnectContext = createContext<(() => SessionConnection) | null>(null);

/** The store itself, for what reads it once per frame. */
export function useSession(): SessionStore {
  const store = useContext(AppStoreContext);
  if (store === null) throw new Error('no session around this part of the page');
  return store;
}

/** A part of the state; draws again when it changes, which time alone does a few times a second. */
export const useApp = <T>(select: (state: AppState) => T): T => useStore(useSession().told, select);

/** What can be done. */
export const useActions = (): Actions => useSession().act;
