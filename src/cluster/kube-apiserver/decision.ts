import type { KubeObject, Status } from '../../kubernetes/api/index.ts';

/** What a write means for the object that is there now. */
export type Decision =
  | { readonly refuse: Status }
  /** Write this; `afterwards` delete it, where only marking came first. */
  | { readonly put: KubeObject; readonly afterwards?: 'delete' }
  | { readonly remove: true }
  /** Nothing would change: answer with what is there. */
  | { readonly keep: KubeObject };
