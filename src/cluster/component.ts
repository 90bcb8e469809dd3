import type { AnyStateMachine } from 'xstate';
import type { StopCause } from '../simulation/process/process.ts';

/** What a component asks the screen to show of itself: words and small numbers, made from its state by a pure function. */
export interface ComponentSummary {
  /** One short line: `scoring 3 nodes`, `revision 812`. */
  readonly line: string;
  /** Labelled desired/actual gauges, counters and tables; plain JSON. */
  readonly gauges?: readonly { readonly name: string; readonly desired: number; readonly actual: number }[];
  readonly counters?: Readonly<Record<string, number | string>>;
}

/** One real binary of Kubernetes, or the runtime below it, as the cluster, the network and the screen see it. */
export interface Component<State = unknown> {
  /** The binary's own name: `kube-scheduler`. */
  readonly name: string;
  /** The chart; its context is `ChartContext<State>`, its input `{ state }`. Run by `chartProcess`. */
  readonly machine: AnyStateMachine;
  /** What the process knows at its start: from the topology's input and from what survived on its disk. */
  initial(input: unknown, disk: unknown, incarnation: number): State;
  /** What a stop leaves on the disk. */
  survives?(state: State, cause: StopCause): unknown;
  readonly descriptor: {
    readonly title: string;
    /** One sentence: what the real one does. */
    readonly duty: string;
    readonly where: 'control-plane' | 'node' | 'outside' | 'cloud';
    /** Its place from left to right among those where it is; those without one come after, by their names. */
    readonly rank?: number;
    /** What it is to the others, where that is seen: everybody dials the front door, a balancer stands before several of those, Pods without a node are in the waiting room, stores agree by quorum. */
    readonly role?: 'front-door' | 'balancer' | 'waiting-room' | 'store';
    /** How wide it is shown beside others; 1 where nothing is said. */
    readonly breadth?: number;
    /** Where its real source lives. */
    readonly upstream: string;
    /** One or two letters or a sign for its icon. */
    readonly glyph: string;
  };
  /** Whom it dials, by component name, and with which protocols (the part before the dot). The network refuses everything else. */
  readonly dials: readonly { readonly component: string; readonly protocols: readonly string[] }[];
  summary(state: State): ComponentSummary;
  /** What became different between two of its states that a watcher of the world wants to know; everything there is, from `undefined`. Cheap where nothing changed. */
  facts?(before: State | undefined, after: State): readonly Fact[];
  /** How far it is in what all of its kind agree on, where they do: each fact is then told once, by whoever is first. */
  agreement?(state: State): number;
}

/** Something that is so, beyond the component's own words: what is stored, what runs, what the user was told. */
export type Fact =
  /** An API object as stored; `object` is undefined when it is gone. */
  | { readonly type: 'stored'; readonly key: string; readonly object: unknown }
  /** Everything that runs on a node, whatever the API believes. */
  | { readonly type: 'running'; readonly node: string; readonly containers: readonly { readonly namespace: string; readonly pod: string; readonly container: string; readonly running: boolean; readonly exitCode: number }[]; /** What those that run take of the machine. */ readonly used: { readonly cpuMillis: number; readonly memoryBytes: number } }
  /** What a client printed for a command of the user. */
  | { readonly type: 'result'; readonly commandId: string; readonly documentIndex: number; readonly ok: boolean; readonly text: string; readonly status?: unknown }
  /** What came back for a request of a client from outside the world. */
  | { readonly type: 'reply'; readonly reply: unknown };
