import { apiServerAddress, etcdAddress } from '../../../scenarios/topologies/topology.ts';
import type { Evidence, Remedy } from '../../port/why.ts';
import { spoken } from '../story.ts';
import type { Scene } from './scene.ts';

/** Why a program can not do its work: it is not running, or it can not reach the API server, or that one can not work. */
export interface Hindrance { readonly text: string; readonly evidence: readonly Evidence[]; readonly remedies: readonly Remedy[]; /** The control plane's own trouble, not this program's. */ readonly elsewhere: boolean }

export const controllerManager = 'control-plane-1/kube-controller-manager';
export const scheduler = 'control-plane-1/kube-scheduler';

const hostOf = (address: string): string => address.slice(0, address.indexOf('/'));

/** The first thing in a program's way, or undefined if it can work. */
export function hindranceOf(scene: Scene, address: string): Hindrance | undefined {
  return ownHindrance(scene, address) ?? (address === etcdAddress ? undefined : apiHindrance(scene, address));
}

/** What is wrong with the program or its machine, whatever the API server does. */
export function ownHindrance(scene: Scene, address: string): Hindrance | undefined {
  const row = scene.component(address);
  const name = hostOf(address);
  const host = scene.host(name);
  if (host?.powered === false) {
    return {
      text: `${name} has no power`, elsewhere: false, evidence: [scene.backed(`${name} was powered off`, scene.lastRecord((record) => record.what === 'input' && record.input.type === 'power-off' && record.input.host === name), `host/${name}`)],
      remedies: [{ title: `Power ${name} on`, explanation: 'Its kubelet starts, reports the node Ready, and starts the Pods that are bound to it again.', command: { type: 'power-on-node', node: name } }],
    };
  }
  if (row?.running !== false) return undefined;
  return {
    text: `${spoken(address)} is stopped`, elsewhere: false, evidence: [scene.backed(`${spoken(address)} ended`, scene.lastRecord((record) => record.what === 'ended' && record.address === address), `component/${address}`)],
    remedies: [{ title: `Start ${spoken(address)}`, explanation: 'It lists and watches anew and goes on where the cluster stands.', command: { type: 'start-component', address } }],
  };
}

/** Can a program on this machine speak to an API server that works? */
function apiHindrance(scene: Scene, address: string): Hindrance | undefined {
  const [own, api] = [hostOf(address), hostOf(apiServerAddress)];
  for (const name of own === api ? [] : [own, api]) {
    if (scene.host(name)?.partitioned !== true) continue;
    return {
      text: `${name} is cut off from the network`, elsewhere: name === api, evidence: [scene.backed(`${name} was cut off`, scene.lastRecord((record) => record.what === 'input' && record.input.type === 'partition' && record.input.host === name), `host/${name}`)],
      remedies: [{ title: `Heal the network of ${name}`, explanation: 'Connections are dialled again, and what was missed is listed and watched anew.', command: { type: 'heal-node', node: name } }],
    };
  }
  const server = address === apiServerAddress ? undefined : ownHindrance(scene, apiServerAddress);
  const trouble = server ?? ownHindrance(scene, etcdAddress);
  return trouble && { ...trouble, elsewhere: true };
}
