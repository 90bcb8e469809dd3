import { useEffect } from 'react';
import type { SessionConnection } from '../store/connection.ts';
import { createSessionStore, newRecording } from '../store/session-store.ts';
import type { Kept, SessionStore } from '../store/session-store.ts';
import type { Theme } from '../store/state.ts';
import { examples } from '../ui/editor/examples.ts';
import { AppStoreContext } from '../ui/shell/app-store.ts';
import { ErrorBoundary } from '../ui/shell/error-boundary.tsx';
import { Shell } from '../ui/shell/shell.tsx';
import { forgetKept, keepSession, readKept } from './kept.ts';

/** Makes the page's session: what an earlier visit kept, or a fresh cluster with an example to apply. */
export function createPageSession(connection: SessionConnection): SessionStore {
  const kept = askedFor(new URLSearchParams(location.search)) ?? readKept();
  const store = createSessionStore(connection, { manifestText: examples[0].text, fileName: examples[0].fileName, ...withoutGaps(kept) });
  showTheme(store.getState().theme);
  store.subscribe((state, before) => { if (state.theme !== before.theme) showTheme(state.theme); });
  return store;
}

/** A world named in the address (`?topology=nodes-20&seed=7`) is opened in place of the kept one. */
function askedFor(query: URLSearchParams): Kept | undefined {
  const [name, seed] = [query.get('topology'), query.get('seed')];
  if (name === null && seed === null) return undefined;
  const fresh = newRecording();
  return { recording: { ...fresh, topology: name ?? fresh.topology, seed: /^\d{1,9}$/.test(seed ?? '') ? Number(seed) : fresh.seed } };
}

const withoutGaps = <T extends object>(value: T): Partial<T> => Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as Partial<T>;

const systemIsLight = matchMedia('(prefers-color-scheme: light)');
const systemWantsContrast = matchMedia('(prefers-contrast: more)');
let shownTheme: Theme = 'system';

function showTheme(theme: Theme): void {
  shownTheme = theme;
  document.documentElement.dataset['theme'] = theme === 'system' ? (systemWantsContrast.matches ? 'contrast' : systemIsLight.matches ? 'light' : 'dark') : theme;
}
for (const asked of [systemIsLight, systemWantsContrast]) asked.addEventListener('change', () => showTheme(shownTheme));

/** The page around one session. Wall time enters here, once per frame. */
export function App({ store }: { readonly store: SessionStore }) {
  useEffect(() => {
    let frame = 0;
    const tick = (nowMs: number): void => {
      store.act.tick(nowMs);
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    const stopKeeping = keepSession(store);
    return () => { cancelAnimationFrame(frame); stopKeeping(); };
  }, [store]);
  return (
    <ErrorBoundary onForget={forgetKept}>
      <AppStoreContext.Provider value={store}><Shell /></AppStoreContext.Provider>
    </ErrorBoundary>
  );
}
