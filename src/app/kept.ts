import type { Recording } from '../session/port/protocol.ts';
import { isProblem, readRecording } from '../session/port/read-recording.ts';
import { firstSteps } from '../store/first-steps.ts';
import { noteCurrent, onlyFuture } from '../store/futures.ts';
import { readFutures } from '../store/read-futures.ts';
import type { Kept, SessionStore } from '../store/session-store.ts';

const storageKey = 'orrery/session/1';

/** What an earlier visit left; nothing where storage is denied or what it holds is not ours. */
export function readKept(): Kept {
  try {
    const raw = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Kept;
    const kept: Kept = { ...raw, learnt: firstSteps.filter((step) => Array.isArray(raw.learnt) && raw.learnt.includes(step)) };
    if (kept.recording === undefined) return kept;
    const recording = readRecording(kept.recording);
    if (isProblem(recording)) return { theme: kept.theme, learnt: kept.learnt, manifestText: kept.manifestText, fileName: kept.fileName };
    return { ...kept, recording, futures: readFutures(kept.futures) ?? onlyFuture(recording) };
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
  put(rest);
}

/** False where storage is denied or full: then the session lives as long as the page. */
function put(kept: Kept): boolean {
  try {
    localStorage.setItem(storageKey, JSON.stringify(kept));
    return true;
  } catch {
    return false;
  }
}

/**
 * Keeps the session for the next visit: soon after it changed, and when the page goes away. A recording that is not the user's own
 * (it came with a link) is not kept before the user acts in it: theirs would be lost.
 */
export function keepSession(store: SessionStore, foreign?: Recording): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const write = (): void => {
    timer = undefined;
    if (store.getState().recording === foreign) return;
    const { recording, futures, learnt, seenUs, playheadUs, playing, manifestText, fileName, theme, phase, scene } = store.getState();
    // While the world is still being opened, the place one left it at is the one already kept.
    const before = readKept();
    const place = phase === 'ready' ? { playheadUs: Math.floor(playheadUs), playing } : { playheadUs: before.playheadUs, playing: before.playing };
    const kept: Kept = { recording, manifestText, fileName, theme, learnt, ...place, ...(scene !== null && { sceneId: scene.id }) };
    // Where there is no room for all futures, the one that is shown is kept.
    if (!put({ ...kept, futures: noteCurrent(futures, recording, Math.floor(seenUs)) })) put(kept);
  };
  const stop = store.subscribe((state, before) => {
    if (state.phase === 'opening' && before.phase !== 'opening' && state.recording !== foreign) forgetPlace();
    const changed = state.recording !== before.recording || state.futures !== before.futures || state.manifestText !== before.manifestText || state.theme !== before.theme || state.learnt !== before.learnt || state.playing !== before.playing;
    if (changed) timer ??= setTimeout(write, 300);
  });
  window.addEventListener('pagehide', write);
  return () => {
    stop();
    clearTimeout(timer);
    window.removeEventListener('pagehide', write);
  };
}
