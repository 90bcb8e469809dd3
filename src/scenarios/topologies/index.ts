import { fiveEtcd } from './five-etcd.ts';
import { highlyAvailable } from './highly-available.ts';
import { nodes } from './nodes.ts';
import { singleNode } from './single-node.ts';
import { threeEtcd } from './three-etcd.ts';
import { threeNodes } from './three-nodes.ts';
import type { Topology } from './topology.ts';

export { fiveEtcd } from './five-etcd.ts';
export { highlyAvailable } from './highly-available.ts';
export { nodes } from './nodes.ts';
export { singleNode } from './single-node.ts';
export { threeEtcd } from './three-etcd.ts';
export { threeNodes } from './three-nodes.ts';
export { apiServerAddress, balancerAddress, etcdAddress, kubectlAddress, worldSpec, type Host, type Topology } from './topology.ts';

/** The topologies with a name of their own, the default first. */
export const topologies: readonly Topology[] = [threeNodes, singleNode, threeEtcd, fiveEtcd, highlyAvailable];

/** The topology of this name; `nodes-20` is twenty workers. Throws on any other. */
export function topology(name: string): Topology {
  const known = topologies.find((candidate) => candidate.name === name);
  if (known !== undefined) return known;
  const count = /^nodes-([1-9]\d{0,3})$/.exec(name)?.[1];
  if (count === undefined) throw new Error(`no topology is called ${name}: there are ${topologies.map((candidate) => candidate.name).join(', ')} and nodes-<count>`);
  return nodes(Number(count));
}
