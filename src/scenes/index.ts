import type { Scene } from './scene.ts';

/** A scene as a menu knows it; what it holds is fetched when it is opened. */
export interface SceneEntry { readonly id: string; readonly title: string; load(): Promise<{ readonly scene: Scene }> }

/** The ready scenes, in the order in which one would tell them. */
export const scenes: readonly SceneEntry[] = [
  { id: 'pod-way', title: 'A Pod’s way', load: () => import('./pod-way.ts') },
  { id: 'rollout', title: 'A rollout', load: () => import('./rollout.ts') },
  { id: 'node-dies', title: 'A node dies', load: () => import('./node-dies.ts') },
  { id: 'nothing-fits', title: 'Nothing fits', load: () => import('./nothing-fits.ts') },
  { id: 'api-server-down', title: 'The API server is down', load: () => import('./api-server-down.ts') },
  { id: 'crash-loop', title: 'A crash loop', load: () => import('./crash-loop.ts') },
];
