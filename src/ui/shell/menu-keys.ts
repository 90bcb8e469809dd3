import type { KeyboardEvent } from 'react';

/** What a typed letter leads to: the next item after the one at `at` that begins with it, round the end. Disabled ones too: one may read them. */
export function typeAhead(names: readonly string[], at: number, letter: string): number | undefined {
  const wanted = letter.toLowerCase();
  for (let by = 1; by <= names.length; by += 1) {
    const index = (at + by + names.length) % names.length;
    if (names[index]!.trim().toLowerCase().startsWith(wanted)) return index;
  }
  return undefined;
}

/** Where a key leads in a menu of so many items; undefined for a key that means nothing there. Models the menu pattern of the ARIA practices. */
export function menuPlace(key: string, at: number, names: readonly string[]): number | undefined {
  switch (key) {
    case 'ArrowDown': return (at + 1) % names.length;
    case 'ArrowUp': return at <= 0 ? names.length - 1 : at - 1;
    case 'Home': return 0;
    case 'End': return names.length - 1;
    default: return /^\S$/u.test(key) ? typeAhead(names, at, key) : undefined;
  }
}

/** The keys of an open menu. None of them reaches the page under it; Escape is left to the browser, which closes the menu and gives the keyboard back. */
export function onMenuKey(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  event.stopPropagation();
  if (event.key === 'Tab') event.currentTarget.hidePopover();
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  const next = menuPlace(event.key, items.indexOf(document.activeElement as HTMLElement), items.map((item) => item.dataset['title'] ?? ''));
  if (next === undefined || items.length === 0) return;
  event.preventDefault();
  items[next]!.focus();
}
