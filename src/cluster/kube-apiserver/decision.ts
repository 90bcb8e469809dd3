import type { KubeObject, Status } from '../../kubernetes/api/index.ts';

/** What a write means for the object that is there now. */
export type Decision =
  /** Refuse it, at a stage where the code does not say which. */
  | { readonly refuse: Status; readonly stage?: string }
  /** Write this; `afterwards` delete it, where only marking came first. */
  | { readonly put: KubeObject; readonly afterwards?: 'delete' }
  | { readonly remove: true }
  /** Nothing would change: answer with what is there. */
  | { readonly keep: KubeObject };
