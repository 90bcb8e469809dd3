import type { Panel } from '../../store/state.ts';
import { Button } from '../design/parts.tsx';
import { useActions } from './app-store.ts';
import css from './shell.module.css';

const places: readonly { readonly name: string; readonly panel?: Panel; readonly target: string }[] = [
  { name: 'Skip to the stage', panel: 'stage', target: 'main [data-walk]' },
  { name: 'Skip to the manifest', panel: 'manifest', target: 'aside textarea, aside [contenteditable="true"]' },
  { name: 'Skip to time', target: 'footer button' },
];

/** The first stops of the keyboard: past all that lies between. Seen only while the keyboard is on them. */
export function SkipLinks() {
  const { look } = useActions();
  return (
    <nav className={css.skips} aria-label="Skip to">
      {places.map(({ name, panel, target }) => (
        <Button key={name} onClick={() => {
          if (panel !== undefined) look({ panel });
          requestAnimationFrame(() => document.querySelector<HTMLElement>(target)?.focus());
        }}>{name}</Button>
      ))}
    </nav>
  );
}
