/** What containerd knows: sandboxes, containers and images as rows. The rows that CRI lists show are the protocol's own objects, shared by reference. */
import { PMap } from '../../simulation/collections/index.ts';
import type { ContainerConfig, ContainerStatus, PodSandbox } from '../../kubernetes/protocols/cri.ts';
import type { Address, StopCause } from '../../simulation/process/process.ts';
import type { Volumes } from './inside/files.ts';
import type { Conversation, Inside } from './inside/state.ts';
import type { ProgramPlan } from './program.ts';
import { noUsage, type Usage } from './usage.ts';

export interface SandboxRow {
  readonly shown: PodSandbox;
  readonly hostNetwork: boolean;
  /** Containers ever created in it and not removed, oldest first. */
  readonly containers: readonly string[];
}

export interface ContainerRow {
  readonly shown: ContainerStatus;
  readonly config: ContainerConfig;
  readonly plan: ProgramPlan;
  /** What it takes while it runs. */
  readonly usage: Usage;
  /** When the process will have ended, by itself or by a signal that was sent; undefined while it runs for ever. */
  readonly endsAtUs: number | undefined;
  readonly endsWith: number;
  /** StopContainer requests that are answered when the process has ended. */
  readonly stopRequests: readonly string[];
}

export interface ImageRow { readonly imageRef: string; readonly sizeBytes: number }

/** A download under way, shared by all who asked for the image. */
export interface Pull { readonly requests: readonly string[]; readonly sizeBytes: number; readonly startedAtUs: number }

export interface ContainerdState {
  readonly node: string;
  readonly cni: Address;
  readonly sandboxes: PMap<string, SandboxRow>;
  readonly containers: PMap<string, ContainerRow>;
  readonly images: PMap<string, ImageRow>;
  readonly pulls: PMap<string, Pull>;
  /** Requests to the CNI plugin under way → the CRI request (and sandbox) they are part of. */
  readonly networkCalls: PMap<string, NetworkCall>;
  readonly nextCall: number;
  /** What has become of containers that somebody looked into, by container. */
  readonly insides: PMap<string, Inside>;
  /** What was written to volumes, by Pod and volume or by path on the node. */
  readonly volumes: Volumes;
  /** exec, attach and port-forward under way, by the kubelet's stream. */
  readonly conversations: PMap<string, Conversation>;
  /** The last list answers; thrown away with any change of what they list, so that an unchanged node costs nothing to list. */
  readonly sandboxList: readonly PodSandbox[] | undefined;
  readonly containerList: readonly ContainerStatus[] | undefined;
}

export interface NetworkCall { readonly verb: 'ADD' | 'DEL'; readonly sandboxId: string; readonly criRequest: string; readonly row: SandboxRow }

/** What lies on the disk; after a power loss without the processes. */
export interface ContainerdDisk {
  readonly insides?: PMap<string, Inside>;
  readonly volumes?: Volumes;
  readonly sandboxes: PMap<string, SandboxRow>;
  readonly containers: PMap<string, ContainerRow>;
  readonly images: PMap<string, ImageRow>;
}

export interface ContainerdInput { readonly node: string; readonly cni: Address }

/** containerd at its start: the shims' containers are found again, at power loss only their rows. */
export function initialState(input: ContainerdInput, disk: ContainerdDisk | undefined): ContainerdState {
  return {
    node: input.node, cni: input.cni,
    sandboxes: disk?.sandboxes ?? PMap(), containers: disk?.containers ?? PMap(), images: disk?.images ?? PMap(), pulls: PMap(),
    insides: disk?.insides ?? PMap(), volumes: disk?.volumes ?? PMap(), conversations: PMap(), networkCalls: PMap(), nextCall: 0, sandboxList: undefined, containerList: undefined,
  };
}

/**
 * Containers are children of shims, not of containerd: they outlive its restart. A power loss ends them all; on recovery
 * containerd finds no task and shows exit code 255, reason Unknown, and the sandbox not ready
 * (Models internal/cri/server/restart.go: loadContainer, loadSandbox).
 */
export function onDisk(state: ContainerdState, cause: StopCause): ContainerdDisk {
  const { sandboxes, containers, images, insides, volumes } = state;
  if (cause !== 'power-loss') return { images, insides, volumes, sandboxes, containers: containers.map((row) => (row.stopRequests.length === 0 ? row : { ...row, stopRequests: [] })) };
  return {
    images, volumes, insides: insides.size === 0 ? insides : insides.map(({ shell: _shell, ...inside }) => inside),
    sandboxes: sandboxes.map((row) => (row.shown.state === 'SANDBOX_NOTREADY' ? row : { ...row, shown: { ...row.shown, state: 'SANDBOX_NOTREADY' as const } })),
    containers: containers.map((row) => (row.shown.state === 'CONTAINER_EXITED' ? row : ended({ ...row, stopRequests: [] }, 0, 255, 'Unknown'))),
  };
}

/** The row of a container whose process has ended. */
export function ended(row: ContainerRow, atUs: number, exitCode: number, reason?: string): ContainerRow {
  return {
    ...row, endsAtUs: undefined, stopRequests: [],
    shown: { ...row.shown, state: 'CONTAINER_EXITED', finishedAtUs: atUs, exitCode, reason: reason ?? (exitCode === 0 ? 'Completed' : 'Error') },
  };
}

/** Put a container's new row in its place; lists made before are stale then. */
export const withContainer = (state: ContainerdState, row: ContainerRow): ContainerdState =>
  ({ ...state, containers: state.containers.set(row.shown.id, row), containerList: undefined });

/** Put a sandbox's new row in its place. */
export const withSandbox = (state: ContainerdState, row: SandboxRow): ContainerdState =>
  ({ ...state, sandboxes: state.sandboxes.set(row.shown.id, row), sandboxList: undefined });

/** What the containers that run take together, of this machine or of one sandbox. */
export function usedBy(rows: Iterable<ContainerRow>, sandboxId?: string): Usage {
  let { cpuMillis, memoryBytes } = noUsage;
  for (const { shown, usage } of rows) {
    if (shown.state !== 'CONTAINER_RUNNING' || (sandboxId !== undefined && shown.podSandboxId !== sandboxId)) continue;
    cpuMillis += usage.cpuMillis;
    memoryBytes += usage.memoryBytes;
  }
  return { cpuMillis, memoryBytes };
}
