import type { Theme } from '../../store/state.ts';
import type { PageAction } from './page-action.ts';

const names: readonly (readonly [Theme, string])[] = [
  ['system', 'as the system'], ['dark', 'dark'], ['light', 'light'], ['projector-light', 'projector, light'], ['projector-dark', 'projector, dark'], ['contrast', 'high contrast'],
];

export const themes: readonly PageAction[] = names.map(([theme, name]) => ({
  id: `theme-${theme}`, title: `Theme: ${name}`, menu: 'view', checked: (state) => state.theme === theme, run: ({ act }) => act.setTheme(theme),
}));
