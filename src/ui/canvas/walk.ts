import type { KeyboardEvent } from 'react';

const directions: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Moves the keyboard's place on the stage to the nearest thing in the arrow's direction. */
export function walk(event: KeyboardEvent<HTMLElement>): void {
  const direction = directions[event.key];
  if (direction === undefined || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
  const home = event.currentTarget;
  const things = [...home.querySelectorAll<HTMLElement>('[data-thing]')];
  const here = document.activeElement instanceof HTMLElement && document.activeElement.dataset['thing'] !== undefined ? document.activeElement : undefined;
  if (here === undefined && document.activeElement !== home) return;
  event.preventDefault();
  event.stopPropagation();
  const next = here === undefined ? things[0] : nearest(here, things, direction);
  next?.focus({ preventScroll: true });
  // The stage itself never scrolls; a list on it may.
  next?.closest('[data-scrolls]')?.scrollTo({ left: next.offsetLeft - 60 });
}

function nearest(here: HTMLElement, things: readonly HTMLElement[], [dx, dy]: readonly [number, number]): HTMLElement | undefined {
  const from = here.getBoundingClientRect();
  let [best, least] = [undefined as HTMLElement | undefined, Infinity];
  for (const thing of things) {
    if (thing === here) continue;
    const to = thing.getBoundingClientRect();
    const [x, y] = [to.left + to.width / 2 - from.left - from.width / 2, to.top + Math.min(20, to.height / 2) - from.top - Math.min(20, from.height / 2)];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (ahead < 4) continue;
    const cost = ahead + aside * 2.5;
    if (cost < least) [best, least] = [thing, cost];
  }
  return best;
}
