/** Every attempt of the scheduler to find a node for one Pod. */
export interface SchedulingQuery { readonly type: 'scheduling'; readonly namespace: string; readonly name: string }

export interface SchedulingAnswer {
  readonly type: 'scheduling';
  /** Oldest first. */
  readonly attempts: readonly SchedulingAttempt[];
  /** Where the Pod stands in the scheduler's queue now, in words; '' where it is in none. */
  readonly waiting: string;
}

export interface SchedulingAttempt {
  readonly recordId: number;
  readonly atUs: number;
  /** The node that was chosen, '' where there was none. */
  readonly chosen: string;
  /** The scheduler's own words: `0/4 nodes are available: …`. */
  readonly message: string;
  /** Filter plugins in the order in which they are asked; `asked` is false where the Pod gives one nothing to check (PreFilter's Skip). */
  readonly filters: readonly { readonly plugin: string; readonly asked: boolean }[];
  readonly scores: readonly { readonly plugin: string; readonly weight: number; /** Whether NormalizeScore follows. */ readonly normalizes: boolean }[];
  readonly nodes: readonly NodeColumn[];
  readonly moreNodes: number;
  /** Nodes that a PreFilter plugin ruled out together. */
  readonly excluded: number;
  readonly excludedBy: string;
}

export interface NodeColumn {
  readonly node: string;
  /** The plugin that refused it, '' where it fits; those after it were not asked. */
  readonly refusedBy: string;
  readonly reasons: readonly string[];
  /** In the order of `scores`; empty where nothing was scored, because only one node fits or none does. */
  readonly scores: readonly { readonly raw: number; readonly normalized: number; readonly weighted: number }[];
  readonly total: number;
}
