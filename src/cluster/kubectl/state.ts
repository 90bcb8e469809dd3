/** What kubectl remembers. Each command is a run of its own, as each is a process in reality; they share the discovery cache, which lies on disk. */
import { PMap } from '../../simulation/collections/index.ts';
import type { Status } from '../../kubernetes/api/index.ts';
import { createClient, type ClientState } from '../../kubernetes/client-go/index.ts';
import type { Address, SimTime } from '../../simulation/process/process.ts';
import type { Item, SourceDocument } from './documents.ts';
import type { CommandError } from './messages.ts';
import type { Mapping, Mappings } from './rest-mapping.ts';

export interface KubectlInput { readonly apiServer: Address; readonly user: string }

/** An object named by a user, or by a file for `delete -f`. */
export interface Target { readonly apiVersion: string; readonly kind: string; readonly namespace?: string; readonly name: string }

/** What a user can ask for, as the body of a command event of the same type (`kubectl.apply`, …). */
export interface CommandBodies {
  readonly 'kubectl.apply': { readonly id: string; readonly documents: readonly SourceDocument[]; readonly fileName?: string };
  readonly 'kubectl.delete': {
    readonly id: string; readonly targets: readonly Target[]; readonly gracePeriodSeconds?: number; readonly force?: boolean;
    readonly propagation?: 'Background' | 'Foreground' | 'Orphan'; readonly fileName?: string; readonly wait?: boolean;
  };
  readonly 'kubectl.scale': { readonly id: string; readonly targets: readonly Target[]; readonly replicas: number };
  readonly 'kubectl.cordon': { readonly id: string; readonly nodes: readonly string[] };
  readonly 'kubectl.uncordon': { readonly id: string; readonly nodes: readonly string[] };
}
export type CommandType = keyof CommandBodies;

/** One line that kubectl printed. */
export interface Result {
  /** The command's id. */
  readonly id: string;
  /** The document, target or node it is about, counted from 0; -1 for the command as a whole. */
  readonly documentIndex: number;
  readonly ok: boolean;
  readonly text: string;
  /** The server's refusal, where it was one. */
  readonly status?: Status;
  readonly hint?: string;
  readonly atUs: SimTime;
}

/** One object a command acts on. */
export interface Task extends Pick<Item, 'documentIndex' | 'source' | 'mapping' | 'name' | 'namespace'> { readonly object?: Item['object'] }

/** A command under way: its tasks are done in order, its errors printed at the end. */
export interface Run {
  readonly id: string;
  readonly type: CommandType;
  readonly body: CommandBodies[CommandType];
  readonly tasks: readonly Task[];
  readonly next: number;
  readonly conflicts: number;
  /** The patch that was sent last, to be named if it is refused. */
  readonly sent?: unknown;
  readonly errors: readonly { readonly documentIndex: number; readonly error: CommandError }[];
  /** Deleted objects that may not be gone yet, in the order of deletion; the first is being waited for. */
  readonly leaving: readonly Leaving[];
  /** It has not been read yet, because discovery is under way. */
  readonly waitsForDiscovery: boolean;
  /** What is served was asked for by this very command: it is not asked a second time. */
  readonly fresh?: boolean;
  readonly printed: number;
}
/** A deleted object: the uid tells it from one that was made anew under its name. */
export interface Leaving { readonly task: Task; readonly uid: string }

export interface KubectlState {
  readonly client: ClientState;
  readonly apiServer: Address;
  readonly user: string;
  readonly discovery: { readonly mappings: Mappings; readonly atUs: SimTime } | undefined;
  readonly discovering: boolean;
  readonly runs: PMap<string, Run>;
  readonly results: readonly Result[];
  readonly lastCommand: string;
}

/** What lies on disk: ~/.kube/cache/discovery. */
export type KubectlDisk = KubectlState['discovery'];

export const userAgent = 'kubectl/v1.36.0';

export function initialState({ apiServer, user }: KubectlInput, disk: KubectlDisk): KubectlState {
  return {
    client: createClient({ apiServer, user, userAgent, qps: 50, burst: 300, informers: [], retriesAfter429: 10 }),
    apiServer, user, discovery: disk, discovering: false, runs: PMap(), results: [], lastCommand: '',
  };
}

/** A node as a task; cordon needs no discovery. */
export const nodeMapping: Mapping = { group: '', version: 'v1', kind: 'Node', resource: 'nodes', namespaced: false };
