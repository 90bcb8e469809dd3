import { useEffect, useState } from 'react';
import { useSession } from '../shell/app-store.ts';

const idleMs = 2_000;

/** The keys of whoever presents; they go before the page's own, among which are a clicker's PageDown and PageUp. */
export function usePresenterKeys(): boolean {
  const session = useSession();
  const [black, setBlack] = useState(false);
  useEffect(() => {
    const keys: Readonly<Record<string, () => void>> = {
      b: () => setBlack((was) => !was),
      '.': () => setBlack((was) => !was),
      f: toggleFullScreen,
      F5: toggleFullScreen,
      Escape: () => session.act.look({ mode: 'explore' }),
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const run = keys[event.key];
      // Any other key brings the light back.
      if (event.key !== 'b' && event.key !== '.') setBlack(false);
      if (run === undefined) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      run();
    };
    window.addEventListener('keydown', onKey, true);
    return () => window.removeEventListener('keydown', onKey, true);
  }, [session]);
  return black;
}

function toggleFullScreen(): void {
  const done = document.fullscreenElement === null ? document.documentElement.requestFullscreen() : document.exitFullscreen();
  // A browser that refuses full screen presents in its window.
  done.catch(() => undefined);
}

/** True while the mouse has not moved for a while: nobody wants its arrow on the wall. */
export function useIdlePointer(): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wake = (): void => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), idleMs);
    };
    wake();
    window.addEventListener('pointermove', wake);
    window.addEventListener('pointerdown', wake);
    return () => {
      clearTimeout(timer);
      window.removeEventListener('pointermove', wake);
      window.removeEventListener('pointerdown', wake);
    };
  }, []);
  return idle;
}

/** Keeps the screen lit, where the browser can; it lets go when the page is hidden, so it is asked again. */
export function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined;
    let over = false;
    const ask = (): void => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
      navigator.wakeLock.request('screen').then((given) => {
        lock = given;
        if (over) void given.release();
      }, () => undefined);
    };
    ask();
    document.addEventListener('visibilitychange', ask);
    return () => {
      over = true;
      void lock?.release();
      document.removeEventListener('visibilitychange', ask);
    };
  }, []);
}
