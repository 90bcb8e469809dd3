/** Pods as tests make them and wait for them, as upstream's framework does. */
import WebSocket from 'ws';
import type { Client } from './client.ts';
import type { Thing } from './things.ts';

export const agnhost = 'registry.k8s.io/e2e-test-images/agnhost:2.59';
export const pause = 'registry.k8s.io/pause:3.10.1';
interface Condition { readonly type: string; readonly status: string; readonly reason?: string; readonly observedGeneration?: number }
interface ContainerStatus { readonly name: string; readonly state: { readonly waiting?: { readonly reason: string; readonly message?: string }; readonly running?: object; readonly terminated?: { readonly reason?: string } } }
export type Pod = Thing & {
  readonly spec: { readonly nodeName?: string; readonly containers: readonly { readonly name: string; readonly image: string }[]; readonly ephemeralContainers?: readonly object[]; readonly overhead?: object; readonly [field: string]: unknown };
  readonly status: {
    readonly phase: string; readonly reason?: string; readonly message?: string; readonly hostIP?: string; readonly observedGeneration?: number;
    readonly conditions?: readonly Condition[]; readonly containerStatuses?: readonly ContainerStatus[]; readonly ephemeralContainerStatuses?: readonly ContainerStatus[];
  };
};

export const podsOf = (at: Client, namespace?: string): string => `${at.in('v1', namespace)}/pods`;
/** The Pod when it is so. */
export const podThat = (at: Client, name: string, is: (pod: Pod) => boolean, namespace?: string): Promise<Pod> => at.until(async () => {
  const pod = await at.get<Pod>(`${podsOf(at, namespace)}/${name}`);
  return is(pod) && pod;
});
export const conditionOf = (pod: Pod, type: string): Condition | undefined => pod.status.conditions?.find((one) => one.type === type);
export const isReady = (pod: Pod): boolean => conditionOf(pod, 'Ready')?.status === 'True';
export const running = (at: Client, name: string, namespace?: string): Promise<Pod> => podThat(at, name, ({ status }) => status.phase === 'Running', namespace);
/** Creates a Pod and waits until it runs and is ready. Models PodClient.CreateSync. */
export async function createSync(at: Client, pod: { readonly metadata: { readonly name: string } }): Promise<Pod> {
  await at.post(podsOf(at), pod);
  return podThat(at, pod.metadata.name, isReady);
}
/** Reads, changes, writes, and again where somebody was faster. Models PodClient.Update. */
export async function update(at: Client, name: string, change: (pod: Pod) => object): Promise<Pod> {
  return at.until(async () => {
    const pod = await at.get<Pod>(`${podsOf(at)}/${name}`);
    try {
      return await at.put<Pod>(`${podsOf(at)}/${name}`, change(pod));
    } catch (error) {
      if ((error as { readonly code?: number }).code === 409) return undefined;
      throw error;
    }
  });
}
export const isGone = (at: Client, name: string, namespace?: string): Promise<true> => at.until(async () => (await at.find(`${podsOf(at, namespace)}/${name}`)) === undefined);
/** What a command in a container says. Models ExecCommandInContainer. */
export async function execute(at: Client, name: string, container: string, command: readonly string[]): Promise<string> {
  const query = new URLSearchParams([['container', container], ['stdout', 'true'], ['stderr', 'true'], ...command.map((word) => ['command', word])]);
  const socket = new WebSocket(`${at.url.replace('http', 'ws')}${podsOf(at)}/${name}/exec?${query.toString()}`, ['v4.channel.k8s.io']);
  socket.binaryType = 'arraybuffer';
  let [said, ended] = ['', false];
  socket.on('message', (data: ArrayBuffer) => {
    const bytes = new Uint8Array(data);
    if (bytes[0] === 1) said += new TextDecoder().decode(bytes.subarray(1));
  });
  socket.on('close', () => { ended = true; });
  await at.until(async () => ended);
  return said;
}
