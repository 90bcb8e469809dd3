import type { ProcessDefinition } from '../simulation/process/process.ts';
import { chartProcess } from '../simulation/process/chart-process.ts';
import type { Programs } from '../simulation/world.ts';
import { cni } from './cni/cni.ts';
import type { Component } from './component.ts';
import { containerd } from './containerd/containerd.ts';
import { etcd } from './etcd/etcd.ts';
import { kubeApiserver } from './kube-apiserver/kube-apiserver.ts';
import { kubeControllerManager } from './kube-controller-manager/kube-controller-manager.ts';
import { kubeScheduler } from './kube-scheduler/kube-scheduler.ts';
import { kubeProxy } from './kube-proxy/kube-proxy.ts';
import { kubectlProxy } from './kubectl-proxy/kubectl-proxy.ts';
import { kubectl } from './kubectl/kubectl.ts';
import { kubelet } from './kubelet/kubelet.ts';
import { loadBalancer } from './load-balancer/load-balancer.ts';

const list = [etcd, kubeApiserver, kubeControllerManager, kubeScheduler, kubelet, containerd, cni, kubeProxy, kubectl, kubectlProxy, loadBalancer] as unknown as readonly Component[];

/** Every component by its name: what a topology may place on a machine. */
export const components: Readonly<Record<string, Component>> = Object.fromEntries(list.map((component) => [component.name, component]));

const definitionOf = ({ name, machine, initial, survives }: Component): ProcessDefinition =>
  chartProcess({ name, machine, initial, ...(survives === undefined ? {} : { survives }) });

/** Who may dial whom: `from to protocol`. */
const permitted = new Set(list.flatMap(({ name, dials }) => dials.flatMap(({ component, protocols }) => protocols.map((protocol) => `${name} ${component} ${protocol}`))));

/** What the kernel runs: every component's chart, and a network that carries only what components say they speak. */
export const programs: Programs = {
  definitions: Object.fromEntries(list.map((component) => [component.name, definitionOf(component)])),
  permits: (from, to, protocol) => permitted.has(`${from} ${to} ${protocol}`),
};
