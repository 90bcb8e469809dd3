import { captionAt } from '../scenes/scene.ts';
import type { Scene } from '../scenes/scene.ts';
import type { Rows } from './known-window.ts';
import type { AppState } from './state.ts';

let last: { readonly scene: Scene; readonly rows: Rows; readonly says: string } | undefined;

/** What the scene says of these rows. Asked with each state of the store, it looks once per state of the rows. */
export function sceneSays(scene: Scene, rows: Rows): string {
  if (last === undefined || last.scene !== scene || last.rows !== rows) last = { scene, rows, says: captionAt(scene, rows)?.says ?? '' };
  return last.says;
}

/** What is happening now, in one sentence: the scene's words, or the newest line of the log. */
export function captionOf({ scene, rows, log, logCount, phase }: AppState): string {
  if (phase === 'opening') return '';
  const told = scene === null ? '' : sceneSays(scene, rows);
  return told === '' ? (log[logCount - 1]?.text ?? '') : told;
}
