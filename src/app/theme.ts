import type { AppState } from '../store/state.ts';

const systemIsLight = matchMedia('(prefers-color-scheme: light)');
const systemWantsContrast = matchMedia('(prefers-contrast: more)');
let shown: Pick<AppState, 'theme' | 'view'> | undefined;

/** Gives the page the theme of the state; on a wall, the projector's of the same light. */
export function showTheme(state: Pick<AppState, 'theme' | 'view'>): void {
  shown = state;
  const { theme, view: { mode } } = state;
  const plain = theme === 'system' ? (systemWantsContrast.matches ? 'contrast' : systemIsLight.matches ? 'light' : 'dark') : theme;
  document.documentElement.dataset['theme'] = mode === 'present' && (plain === 'light' || plain === 'dark') ? `projector-${plain}` : plain;
  document.documentElement.dataset['mode'] = mode;
}

for (const asked of [systemIsLight, systemWantsContrast]) asked.addEventListener('change', () => { if (shown !== undefined) showTheme(shown); });
