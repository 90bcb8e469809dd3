import type { ProcessSpec, WorldSpec } from '../../simulation/recording/records.ts';

/** One machine of a topology, as the screen places it. */
export interface Host { readonly name: string; readonly where: 'control-plane' | 'node' | 'outside' | 'cloud'; readonly ip: string }

/** Which machines there are and which programs run on them: with a seed, a whole world before anything is done to it. */
export interface Topology {
  readonly name: string;
  readonly title: string;
  readonly hosts: readonly Host[];
  readonly processes: readonly ProcessSpec[];
}

export interface Taint { readonly key: string; readonly value?: string; readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute' }

/** What a node offers, as its kubelet reports it. */
export interface NodeShape {
  readonly cpu: string;
  readonly memory: string;
  readonly pods: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
}

export const defaultNode: NodeShape = { cpu: '4', memory: '8Gi', pods: '110', labels: {}, taints: [] };

/** What kubeadm puts on a control plane's node. */
export const controlPlaneNode: NodeShape = {
  ...defaultNode,
  labels: { 'node-role.kubernetes.io/control-plane': '', 'node.kubernetes.io/exclude-from-external-load-balancers': '' },
  taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
};

export const apiServerAddress = 'control-plane-1/kube-apiserver';
/** Where there are several API servers: what stands before them. Its machine's name is that of kubeadm's guide. */
export const balancerAddress = 'cluster-endpoint/load-balancer';
export const etcdAddress = 'control-plane-1/etcd';
export const kubectlAddress = 'outside/kubectl';

export interface Machine { readonly name: string; readonly where: 'control-plane' | 'node'; readonly shape: NodeShape }

/** Which machines hold the control plane's parts. etcd's may be machines of its own, without a kubelet; so is the balancer's, which stands before several servers. */
export interface ControlPlane { readonly servers?: readonly string[]; readonly etcd?: readonly string[]; readonly balancer?: true }

/** A cluster with a kubelet and its runtime on each machine, and a kubectl outside; its control plane is on `control-plane-1` where nothing else is said. */
export function clusterOf(name: string, title: string, machines: readonly Machine[], { servers = ['control-plane-1'], etcd = servers, balancer }: ControlPlane = {}): Topology {
  // 256 nodes have a /24 each in the usual range; a larger cluster needs a wider one.
  const wide = machines.length > 256;
  const members = etcd.map((host) => `${host}/etcd`);
  const control: ProcessSpec[] = [
    ...members.map((address) => ({ address, program: 'etcd', input: members.length === 1 ? {} : { members } })),
    ...servers.flatMap((host) => controlProcesses(host, nodeIp(machines.findIndex((machine) => machine.name === host)), etcd.includes(host) || members.length === 1 ? `${etcd.includes(host) ? host : etcd[0]!}/etcd` : members, wide)),
  ];
  const endpoint = balancer === undefined ? serverAt(servers[0]!) : balancerAddress;
  const machineless = [...etcd, ...(balancer === undefined ? [] : [hostOf(balancerAddress)])].filter((host) => !machines.some((machine) => machine.name === host)).map((host, index) => ({ name: host, where: 'control-plane' as const, ip: nodeIp(machines.length + index) }));
  return {
    name, title,
    hosts: [...machines.map((machine, index) => ({ name: machine.name, where: machine.where, ip: nodeIp(index) })), ...machineless, { name: 'outside', where: 'outside', ip: '192.168.1.10' }],
    processes: [
      ...control,
      ...(balancer === undefined ? [] : [{ address: endpoint, program: 'load-balancer', input: { servers: servers.map(serverAt) } }]),
      ...machines.flatMap((machine, index) => nodeProcesses(machine, nodeIp(index), podCidr(index, wide), endpoint, servers.includes(machine.name) ? serverAt(machine.name) : endpoint)),
      { address: kubectlAddress, program: 'kubectl', input: { apiServer: endpoint, user: 'kubernetes-admin' } },
    ],
  };
}

/** As kubeadm sets it up: scheduler and controller manager speak to the server beside them, and so does that server to etcd where a member is there. */
function controlProcesses(host: string, ip: string, etcd: string | readonly string[], wide: boolean): readonly ProcessSpec[] {
  const apiServer = serverAt(host);
  return [
    { address: apiServer, program: 'kube-apiserver', input: { etcd, serviceCidr: '10.96.0.0/12', advertiseAddress: ip } },
    { address: `${host}/kube-controller-manager`, program: 'kube-controller-manager', input: { apiServer, clusterCidr: wide ? '10.128.0.0/9' : '10.244.0.0/16' } },
    { address: `${host}/kube-scheduler`, program: 'kube-scheduler', input: { apiServer } },
  ];
}

const hostOf = (address: string): string => address.slice(0, address.indexOf('/'));
const serverAt = (host: string): string => `${host}/kube-apiserver`;

/** As kubeadm sets it up: kube-proxy dials the control plane's endpoint everywhere, a kubelet the server beside it where there is one (ControlPlaneKubeletLocalMode). */
function nodeProcesses({ name, shape }: Machine, ip: string, cidr: string, endpoint: string, kubeletServer: string): readonly ProcessSpec[] {
  const { cpu, memory, pods, labels, taints } = shape;
  return [
    { address: `${name}/containerd`, program: 'containerd', input: { node: name, cni: `${name}/cni` } },
    { address: `${name}/cni`, program: 'cni', input: { node: name, podCidr: cidr } },
    {
      address: `${name}/kubelet`, program: 'kubelet',
      input: { apiServer: kubeletServer, node: name, nodeIp: ip, runtime: `${name}/containerd`, capacity: { cpu, memory, pods, 'ephemeral-storage': '100Gi' }, labels, taints },
    },
    { address: `${name}/kube-proxy`, program: 'kube-proxy', input: { apiServer: endpoint, node: name } },
  ];
}

/** 172.18.0.2 and up: kind's network. */
const nodeIp = (index: number): string => `172.18.${(index + 2) >> 8}.${(index + 2) & 255}`;
const podCidr = (index: number, wide: boolean): string => (wide ? `10.${128 + (index >> 8)}.${index & 255}.0/24` : `10.244.${index}.0/24`);

/** The world of a topology: the same spec and the same inputs give the same trace. */
export const worldSpec = (topology: Topology, seed: number): WorldSpec => ({ seed, processes: topology.processes });
