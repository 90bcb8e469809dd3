import { scenes } from '../../scenes/index.ts';
import type { PageAction } from './page-action.ts';

/** Other ways into the page: a scene that is told, a room full of people. */
export const ways: readonly PageAction[] = [
  ...scenes.map(({ id, title, load }): PageAction => ({
    id: `scene-${id}`, title: `Scene: ${title}`, menu: 'session', checked: ({ scene }) => scene?.id === id,
    run: ({ act }) => void load().then(({ scene }) => act.open(scene.recording, scene.startUs, scene), () => act.notify('This scene could not be loaded.', 'bad')),
  })),
  { id: 'present', title: 'Present', menu: 'view', keys: ['p'], checked: ({ view }) => view.mode === 'present', enabled: ({ view }) => view.mode !== 'embed', run: ({ act, getState }) => act.look({ mode: getState().view.mode === 'present' ? 'explore' : 'present' }) },
];
