import { useEffect } from 'react';
import type { RefObject } from 'react';
import { useSession } from '../shell/app-store.ts';

/** What nobody sees stands still; it goes on when it is seen again. */
export function usePauseOffScreen(element: RefObject<HTMLElement | null>): void {
  const session = useSession();
  useEffect(() => {
    if (element.current === null) return undefined;
    let paused = false;
    const observer = new IntersectionObserver(([entry]) => {
      const { playing } = session.getState();
      if (entry?.isIntersecting === false && playing) {
        paused = true;
        session.act.pause();
      } else if (entry?.isIntersecting === true && paused) {
        paused = false;
        session.act.play();
      }
    });
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [session, element]);
}
