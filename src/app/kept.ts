import type { Kept, SessionStore } from '../store/session-store.ts';

const storageKey = 'orrery/session/1';

/** What an earlier visit left; nothing where storage is denied or what it holds is not ours. */
export function readKept(): Kept {
  try {
    const kept = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Kept;
    if (kept.recording === undefined) return kept;
    return kept.recording.version === 1 && Array.isArray(kept.recording.commands) ? kept : { theme: kept.theme, manifestText: kept.manifestText, fileName: kept.fileName };
  } catch {
    return {};
  }
}

export function forgetKept(): void {
  try {
    localStorage.removeItem(storageKey);
  } catch {
    // Storage is denied: there was nothing to forget.
  }
}

/** A world that is begun anew is not entered where the last one was left. */
function forgetPlace(): void {
  const { playheadUs: _place, playing: _playing, ...rest } = readKept();
  try {
    localStorage.setItem(storageKey, JSON.stringify(rest));
  } catch {
    // Storage is denied: nothing is kept.
  }
}

/** Keeps the session for the next visit: soon after it changed, and when the page goes away. */
export function keepSession(store: SessionStore): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    timer = undefined;
    const { recording, playheadUs, playing, manifestText, fileName, theme, phase } = store.getState();
    // While the world is still being opened, the place one left it at is the one already kept.
    const before = readKept();
    const place = phase === 'ready' ? { playheadUs: Math.floor(playheadUs), playing } : { playheadUs: before.playheadUs, playing: before.playing };
    const kept: Kept = { recording, manifestText, fileName, theme, ...place };
    try {
      localStorage.setItem(storageKey, JSON.stringify(kept));
    } catch {
      // Storage is denied or full: the session lives as long as the page.
    }
  };
  const stop = store.subscribe((state, before) => {
    if (state.phase === 'opening' && before.phase !== 'opening') forgetPlace();
    const changed = state.recording !== before.recording || state.manifestText !== before.manifestText || state.theme !== before.theme || state.playing !== before.playing;
    if (changed) timer ??= setTimeout(write, 300);
  });
  window.addEventListener('pagehide', write);
  return () => {
    stop();
    clearTimeout(timer);
    window.removeEventListener('pagehide', write);
  };
}
