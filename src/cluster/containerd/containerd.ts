import type { Component } from '../component.ts';
import { containerdMachine } from './containerd-machine.ts';
import { initialState, onDisk, usedBy, type ContainerdDisk, type ContainerdInput, type ContainerdState } from './runtime-state.ts';

/** The container runtime of one node, serving the CRI to the kubelet. */
export const containerd: Component<ContainerdState> = {
  name: 'containerd',
  machine: containerdMachine,
  initial: (input, disk) => initialState(input as ContainerdInput, disk as ContainerdDisk | undefined),
  survives: onDisk,
  descriptor: {
    title: 'containerd',
    duty: 'Pulls images and runs Pod sandboxes and containers for the kubelet.',
    where: 'node',
    rank: 30,
    upstream: 'https://github.com/containerd/containerd',
    glyph: 'R',
  },
  dials: [{ component: 'cni', protocols: ['cni'] }],
  summary(state) {
    let running = 0;
    for (const { shown } of state.containers.values()) if (shown.state === 'CONTAINER_RUNNING') running++;
    const pulling = state.pulls.size === 0 ? '' : ` · pulling ${[...state.pulls.keys()].join(', ')}`;
    return {
      line: `${running} running${pulling}`,
      counters: { sandboxes: state.sandboxes.size, containers: state.containers.size, running, images: state.images.size, pulls: state.pulls.size },
    };
  },
  facts(before, after) {
    if (before?.containers === after.containers) return [];
    const containers = [...after.containers.values()].map(({ shown }) => {
      const { namespace, name } = after.sandboxes.get(shown.podSandboxId)?.shown.metadata ?? { namespace: '', name: '' };
      return { namespace, pod: name, container: shown.name, running: shown.state === 'CONTAINER_RUNNING', exitCode: shown.exitCode };
    });
    return [{ type: 'running', node: after.node, containers, used: usedBy(after.containers.values()) }];
  },
};
