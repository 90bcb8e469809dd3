import { lazy, Suspense, useEffect } from 'react';
import type { SessionConnection } from '../store/connection.ts';
import { createSessionStore } from '../store/session-store.ts';
import type { SessionStore } from '../store/session-store.ts';
import { examples } from '../ui/editor/examples.ts';
import { AppStoreContext, ConnectContext } from '../ui/shell/app-store.ts';
import { ErrorBoundary } from '../ui/shell/error-boundary.tsx';
import { Shell } from '../ui/shell/shell.tsx';
import { forgetKept, keepSession } from './kept.ts';
import { showTheme } from './theme.ts';
import { holdToPromise, servedBeginning, whatToOpen } from './what-to-open.ts';
import type { Beginning } from './what-to-open.ts';

const Embedded = lazy(() => import('../ui/embedded/embedded.tsx'));

export interface PageSession { readonly store: SessionStore; readonly beginning: Beginning }

/** Makes the page's session: what the address asks for, what an earlier visit kept, or a fresh cluster with an example to apply. */
export async function createPageSession(connect: () => SessionConnection): Promise<PageSession> {
  const connection = connect();
  const beginning = connection.served === true ? servedBeginning() : await whatToOpen(location);
  const store = createSessionStore(connection, { manifestText: examples[0].text, fileName: examples[0].fileName, ...withoutGaps(beginning.kept) });
  store.act.look(beginning.view);
  showTheme(store.getState());
  store.subscribe((state, before) => { if (state.theme !== before.theme || state.view.mode !== before.view.mode) showTheme(state); });
  holdToPromise(store, beginning);
  if (beginning.embed === undefined) leaveTheAddress();
  // Another such link pasted into this page's address bar is opened like the first.
  addEventListener('hashchange', () => { if (location.hash.startsWith('#o=')) location.reload(); });
  return { store, beginning };
}

/** What has been opened is in the page now; a reload is to bring back the user's own session. */
function leaveTheAddress(): void {
  if (!location.hash.startsWith('#o=')) return;
  try {
    history.replaceState(null, '', location.pathname + location.search);
  } catch {
    // A sandboxed frame may not change its address; what it shows is not kept either.
  }
}

const withoutGaps = <T extends object>(value: T): Partial<T> => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;

/** The page around one session. Wall time enters here, once per frame. */
export function App({ store, beginning, connect }: PageSession & { /** Makes another world, for a future to be shown beside. */ readonly connect: () => SessionConnection }) {
  useEffect(() => {
    let frame = 0;
    const tick = (nowMs: number): void => {
      store.act.tick(nowMs);
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    const stopKeeping = beginning.embed === undefined && store.getState().served === null ? keepSession(store, beginning.foreign ? store.getState().recording : undefined) : () => undefined;
    return () => { cancelAnimationFrame(frame); stopKeeping(); };
  }, [store, beginning]);
  return (
    <ErrorBoundary onForget={forgetKept}>
      <ConnectContext.Provider value={connect}>
        <AppStoreContext.Provider value={store}>{beginning.embed === undefined ? <Shell /> : <Suspense fallback={null}><Embedded options={beginning.embed} /></Suspense>}</AppStoreContext.Provider>
      </ConnectContext.Provider>
    </ErrorBoundary>
  );
}
