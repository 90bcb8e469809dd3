/** Keys as people read them. */
export const keyText = (keys: string): string => keys
  .replace('ArrowLeft', '←').replace('ArrowRight', '→').replace('ArrowUp', '↑').replace('ArrowDown', '↓').replace('PageUp', 'Page ↑').replace('PageDown', 'Page ↓').replace(/^ $/, 'Space').replace('Escape', 'Esc')
  .replace(/\+([a-z])$/, (_all, letter: string) => `+${letter.toUpperCase()}`);
