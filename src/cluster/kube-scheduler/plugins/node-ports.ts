import type { HostPort, Plugin, Rejection } from '../framework.ts';

const rejection: Rejection = { reasons: ["node(s) didn't have free ports for the requested pod ports"], resolvable: true };

const clash = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === '0.0.0.0' || b.ip === '0.0.0.0');

function anyClash(wanted: readonly HostPort[], used: readonly HostPort[]): boolean {
  for (let i = 0; i < wanted.length; i++) for (let j = 0; j < used.length; j++) if (clash(wanted[i]!, used[j]!)) return true;
  return false;
}

/** Refuses nodes where a host port of the Pod is taken. Models plugins/nodeports/node_ports.go. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  filters: ({ hostPorts }) => hostPorts.length > 0,
  filter: ({ hostPorts }, { usedPorts }) => (anyClash(hostPorts, usedPorts) ? rejection : undefined),
  mayHelp: (event, { hostPorts }) => {
    if (event.resource === 'AssignedPod') return event.action === 'Delete' && anyClash(hostPorts, event.pod.hostPorts);
    return event.resource === 'Node' && event.changes.includes('Add');
  },
};
