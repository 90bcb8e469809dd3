/** Pods, sandboxes and containers for the kubelet's own tests, with only what a case is about. */
import type { Container, Pod, PodSpec } from '../../kubernetes/api/index.ts';
import type { ContainerState, ContainerStatus as CriContainer, PodSandbox } from '../../kubernetes/protocols/cri.ts';
import type { PodRuntime } from './kubelet-state.ts';
import { newestFirst } from './pod-runtime.ts';

export const container = (name: string, more: Partial<Container> = {}): Container => ({ name, image: 'nginx', ...more });

/** A Pod with containers `a` (and more where the spec says so). */
export function pod(spec: Partial<PodSpec> = {}, metadata: Partial<Pod['metadata']> = {}): Pod {
  return {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default', uid: 'u1', generation: 1, resourceVersion: '7', ...metadata },
    spec: { nodeName: 'worker-1', restartPolicy: 'Always', containers: [container('a')], ...spec },
  };
}

export const sandbox = (attempt = 0, state: PodSandbox['state'] = 'SANDBOX_READY', ip = '10.244.1.2', uid = 'u1'): PodSandbox =>
  ({ id: `s${attempt}-${uid}`, metadata: { name: 'web', namespace: 'default', uid, attempt }, state, ip, createdAtUs: attempt });

/** `running a`, `exited a 1 #2`: state, name, exit code and attempt. */
export function ran(text: string): CriContainer {
  const [, word, name, code = '0', attempt = '0'] = /^(created|running|exited) (\w+)(?: (\d+))?(?: #(\d+))?$/.exec(text)!;
  const states: { readonly [word: string]: ContainerState } = { created: 'CONTAINER_CREATED', running: 'CONTAINER_RUNNING', exited: 'CONTAINER_EXITED' };
  return {
    id: `c-${name}-${attempt}`, podSandboxId: 's0-u1', name: name!, attempt: Number(attempt), image: 'docker.io/library/nginx:latest', imageRef: 'docker.io/library/nginx@sha256:0',
    state: states[word!]!, createdAtUs: 1, startedAtUs: 2_000_000, finishedAtUs: word === 'exited' ? 5_000_000 : 0, exitCode: Number(code),
    reason: word !== 'exited' ? '' : code === '0' ? 'Completed' : 'Error', message: '',
  };
}

export const runtime = (containers: readonly string[], sandboxes: readonly PodSandbox[] = [sandbox()]): PodRuntime =>
  ({ sandboxes, containers: containers.map(ran).sort(newestFirst) });
