/**
 * The Container Runtime Interface as messages (staging/src/k8s.io/cri-api/pkg/apis/runtime/v1/api.proto): each call is a request
 * `cri.<Method>` answered by `cri.<Method>Response`, or by `cri.Error` with the gRPC message.
 */
import type { Mount } from './streaming.ts';

export interface PodSandboxMetadata { readonly name: string; readonly uid: string; readonly namespace: string; readonly attempt: number }
export interface RunPodSandboxRequest { readonly metadata: PodSandboxMetadata; readonly hostNetwork: boolean; readonly logDirectory: string }
export interface RunPodSandboxResponse { readonly podSandboxId: string }
export interface PodSandboxRequest { readonly podSandboxId: string }
export interface PodSandbox { readonly id: string; readonly metadata: PodSandboxMetadata; readonly state: 'SANDBOX_READY' | 'SANDBOX_NOTREADY'; readonly ip: string; readonly createdAtUs: number }

export interface ImageRequest { readonly image: string }
export interface ImageStatusResponse { readonly present: boolean; readonly imageRef: string }
export interface PullImageResponse { readonly imageRef: string; readonly sizeBytes: number }

/** LinuxContainerResources: microseconds of cpu in each 100 ms, and the most memory. */
export interface LinuxResources { readonly cpuQuota?: number; readonly memoryLimitInBytes?: number }

export interface ContainerConfig {
  readonly name: string; readonly attempt: number; readonly image: string;
  readonly command: readonly string[]; readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly stdin?: true;
  readonly tty?: true;
  readonly workingDir?: string;
  /** runAsUser; absent: what the image says. */
  readonly user?: number;
  /** Where there are limits. */
  readonly linux?: { readonly resources: LinuxResources };
  /** Of a container that is told what to run, or finds more than every container is given: what is mounted into it. */
  readonly mounts?: readonly Mount[];
}
/** `cri.UpdateContainerResources` changes them while it runs. */
export interface UpdateContainerResourcesRequest { readonly containerId: string; readonly linux: LinuxResources }
export interface CreateContainerRequest { readonly podSandboxId: string; readonly config: ContainerConfig }
export interface CreateContainerResponse { readonly containerId: string }
export interface ContainerRequest { readonly containerId: string }
export interface StopContainerRequest { readonly containerId: string; readonly timeoutSeconds: number }
export type ContainerState = 'CONTAINER_CREATED' | 'CONTAINER_RUNNING' | 'CONTAINER_EXITED';
export interface ContainerStatus {
  readonly id: string; readonly podSandboxId: string; readonly name: string; readonly attempt: number; readonly image: string; readonly imageRef: string;
  readonly state: ContainerState; readonly createdAtUs: number; readonly startedAtUs: number; readonly finishedAtUs: number;
  readonly exitCode: number; readonly reason: string; readonly message: string;
}
/** `cri.ListPodSandbox` and `cri.ListContainers` → every sandbox or container on the node, or the containers of one sandbox (CRI's ContainerFilter). */
export interface ListContainersRequest { readonly podSandboxId?: string }
export interface ListPodSandboxResponse { readonly items: readonly PodSandbox[] }
export interface ListContainersResponse { readonly containers: readonly ContainerStatus[] }
/** `cri.ListContainerStats` → what each running container takes; its labels name its Pod. */
export interface ContainerStats {
  readonly namespace: string; readonly pod: string; readonly container: string; readonly startedAtUs: number;
  readonly usageCoreNanoSeconds: number; readonly workingSetBytes: number;
}
export interface ListContainerStatsResponse { readonly atUs: number; readonly stats: readonly ContainerStats[] }
/** `cri.ContainerLogs` stands for reading the log file that the runtime writes under /var/log/pods; on a stream, `cri.LogLines` goes on with what is added, until the container ends. */
export interface ContainerLogsRequest extends ContainerRequest {
  readonly sinceUs?: number;
  readonly tailLines?: number;
}
export interface ContainerLogsResponse { readonly lines: readonly { readonly atUs: number; readonly text: string }[] }
/** `cri.Status` → is the runtime up, is the network configured. */
export interface StatusResponse { readonly runtimeReady: boolean; readonly networkReady: boolean }
export interface CriError { readonly message: string }
