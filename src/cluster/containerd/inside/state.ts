/** What the runtime keeps of containers that somebody looked into, and of who is looking. */
import type { Mount } from '../../../kubernetes/protocols/streaming.ts';
import type { SimTime } from '../../../simulation/process/process.ts';
import type { Tree } from './files.ts';

/** What has become of a container since it was made. */
export interface Inside {
  readonly written: Tree;
  /** What it wrote besides what its program was known to write. */
  readonly log: readonly { readonly atUs: SimTime; readonly text: string }[];
  /** Of a container whose process is a shell at a terminal: how far it is. */
  readonly shell?: ShellState;
}

/** A shell between two lines. */
export interface ShellState {
  readonly cwd: string;
  readonly variables: readonly (readonly [string, string])[];
  readonly code: number;
  /** What was typed of the line so far, and of the lines before that belong to the same command. */
  readonly line: string;
  readonly before: string;
  readonly history: readonly string[];
  readonly at: number;
  /** Until when the last command runs. */
  readonly busyUntilUs: SimTime;
  /** An escape sequence that has begun. */
  readonly escape: string;
}

export type Mounts = { readonly [container: string]: readonly Mount[] };

/** A conversation that is open. */
export interface Conversation {
  readonly kind: 'command' | 'shell' | 'attach' | 'forward' | 'log';
  readonly containerId: string;
  readonly sandboxId: string;
  readonly mounts: Mounts;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly tty: boolean;
  readonly port: number;
  /** What has come and is not used yet. */
  readonly input: string;
  readonly shell?: ShellState;
  /** What will be said, in order; what is due later waits for its time, so that it can still be broken off. */
  readonly pending: readonly { readonly atUs: SimTime; readonly type: string; readonly body: unknown }[];
  /** Of an attach and a log that is followed: until when what the container wrote has been told. */
  readonly toldUs: SimTime;
}
