import type { SessionCommand } from '../session/commands/index.ts';
import type { Recording } from '../session/port/protocol.ts';
import type { ComponentRow, HostRow, NodeRow, PodRow, Row, ServiceRow, WorkloadRow } from '../session/port/rows.ts';

/** The newest row of each key at one moment, as the page knows them. */
export type SceneRows = Readonly<Record<string, Row>>;

/** What is said from the moment on at which the rows first are so. It speaks of what is, so it stays true when time goes back or somebody interferes. */
export interface Caption {
  readonly when: (rows: SceneRows) => boolean;
  readonly says: string;
}

/** A recording with words: what to look at, from when to when, and what is told meanwhile. */
export interface Scene {
  readonly id: string;
  readonly title: string;
  /** Two sentences: what to look at. */
  readonly look: string;
  readonly recording: Recording;
  readonly startUs: number;
  readonly stopUs: number;
  /** In the order in which they come true. */
  readonly captions: readonly Caption[];
}

/** The last caption that is true of these rows: it may be that none is. */
export const captionAt = (scene: Scene, rows: SceneRows): Caption | undefined => scene.captions.findLast((caption) => caption.when(rows));

export const seconds = (count: number): number => count * 1_000_000;

/** Commands with their moments in seconds, on three workers. */
export const recordingOf = (...commands: readonly (readonly [atS: number, command: SessionCommand])[]): Recording =>
  ({ version: 1, seed: 1, topology: 'three-nodes', commands: commands.map(([atS, command]) => ({ atUs: seconds(atS), command })) });

export const apply = (text: string, fileName: string): SessionCommand => ({ type: 'apply-manifest', text, fileName });

/** The Pods whose names begin so, the ones on their way out among them. */
export const podsOf = (rows: SceneRows, start: string): readonly PodRow[] => Object.values(rows).filter((row): row is PodRow => row.type === 'pod' && row.name.startsWith(start));
export const podOf = (rows: SceneRows, name: string): PodRow | undefined => podsOf(rows, name)[0];
export const readyPods = (rows: SceneRows, start: string): number => podsOf(rows, start).filter((pod) => pod.ready && !pod.deleting).length;
export const nodeOf = (rows: SceneRows, name: string): NodeRow | undefined => rows[`object/Node//${name}`] as NodeRow | undefined;
export const hostOf = (rows: SceneRows, name: string): HostRow | undefined => rows[`host/${name}`] as HostRow | undefined;
export const componentOf = (rows: SceneRows, address: string): ComponentRow | undefined => rows[`component/${address}`] as ComponentRow | undefined;
export const deploymentOf = (rows: SceneRows, name: string): WorkloadRow | undefined => rows[`object/Deployment/default/${name}`] as WorkloadRow | undefined;
export const serviceOf = (rows: SceneRows, name: string): ServiceRow | undefined => rows[`object/Service/default/${name}`] as ServiceRow | undefined;
/** The ReplicaSets of a Deployment, the oldest first. */
export const replicaSetsOf = (rows: SceneRows, start: string): readonly WorkloadRow[] =>
  Object.values(rows).filter((row): row is WorkloadRow => row.type === 'workload' && row.kind === 'ReplicaSet' && row.name.startsWith(start)).sort((a, b) => a.createdAtUs - b.createdAtUs);
/** What is so on the nodes, whatever the API server believes. */
export const runsSomewhere = (rows: SceneRows, pod: string): boolean =>
  Object.values(rows).some((row) => row.type === 'truth' && row.containers.some((container) => container.pod.startsWith(pod) && container.running));
