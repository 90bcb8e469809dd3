import type { SessionStore } from '../../store/session-store.ts';
import type { AppState } from '../../store/state.ts';

/** Where an action stands: in the header, or (`time`) in the time bar. The ones without a menu are found by their keys and in the command palette. */
export type Menu = 'session' | 'view' | 'share' | 'time';

/**
 * One thing a user can do to the page: one file (or one small family) beside this one and a line in `index.ts`. The menus, the keys
 * and the command palette are made from that list. What is done to the world is a session command instead.
 */
export interface PageAction {
  /** Kebab-case, unique. */
  readonly id: string;
  /** In the imperative: “Share a link to this moment”. */
  readonly title: string;
  readonly menu?: Menu;
  /** As `KeyboardEvent.key` says it: `l`, `?`, `Shift+ArrowLeft`, `Ctrl+k` (Ctrl is Command on a Mac). */
  readonly keys?: readonly string[];
  enabled?(state: AppState): boolean;
  /** For what is on or off. */
  checked?(state: AppState): boolean;
  run(session: SessionStore): void;
}
