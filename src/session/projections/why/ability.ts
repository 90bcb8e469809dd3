import { apiServerAddress, balancerAddress, etcdAddress } from '../../../scenarios/topologies/topology.ts';
import type { Evidence, Remedy } from '../../port/why.ts';
import { spoken } from '../story.ts';
import type { Scene } from './scene.ts';

/** Why a program can not do its work: it is not running, or it can not reach the API server, or that one can not work. */
export interface Hindrance { readonly text: string; readonly evidence: readonly Evidence[]; readonly remedies: readonly Remedy[]; /** The control plane's own trouble, not this program's. */ readonly elsewhere: boolean }

export const controllerManager = 'control-plane-1/kube-controller-manager';
export const scheduler = 'control-plane-1/kube-scheduler';

const hostOf = (address: string): string => address.slice(0, address.indexOf('/'));

const programOf = (address: string): string => address.slice(address.indexOf('/') + 1);

/** Those of the control plane that can do the same work; a node's program has nobody to do it instead. */
const likes = (scene: Scene, address: string): readonly string[] => {
  const all = scene.controlPlane(programOf(address));
  return all.length === 0 ? [address] : all;
};

/** Nothing is in the way if it is in the way of some only. */
function ofAll(ways: readonly (Hindrance | undefined)[]): Hindrance | undefined {
  return ways.every((way) => way !== undefined) ? ways[0] : undefined;
}

/** The first thing in a program's way, or in that of all who could do its work; undefined if one can. */
export function hindranceOf(scene: Scene, address: string): Hindrance | undefined {
  const doers = hostOf(address) === hostOf(apiServerAddress) ? likes(scene, address) : [address];
  return ofAll(doers.map((doer) => ownHindrance(scene, doer) ?? (programOf(doer) === 'etcd' ? undefined : apiHindrance(scene, doer))));
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

/** Can a program speak to an API server that works? Those of the control plane speak only to the one beside them; others go by the load balancer where there is one. */
function apiHindrance(scene: Scene, address: string): Hindrance | undefined {
  const servers = likes(scene, apiServerAddress);
  const beside = servers.filter((server) => server !== address && hostOf(server) === hostOf(address));
  if (beside.length > 0 || scene.component(balancerAddress) === undefined) return ofAll((beside.length > 0 ? beside : servers).map((server) => wayTo(scene, address, server)));
  return wayTo(scene, address, balancerAddress) ?? ofAll(servers.map((server) => wayTo(scene, balancerAddress, server)));
}

function wayTo(scene: Scene, address: string, server: string): Hindrance | undefined {
  const [own, api] = [hostOf(address), hostOf(server)];
  for (const name of own === api ? [] : [own, api]) {
    if (scene.host(name)?.partitioned !== true) continue;
    return {
      text: `${name} is cut off from the network`, elsewhere: name === api, evidence: [scene.backed(`${name} was cut off`, scene.lastRecord((record) => record.what === 'input' && record.input.type === 'partition' && record.input.host === name), `host/${name}`)],
      remedies: [{ title: `Heal the network of ${name}`, explanation: 'Connections are dialled again, and what was missed is listed and watched anew.', command: { type: 'heal-node', node: name } }],
    };
  }
  const trouble = (address === server ? undefined : ownHindrance(scene, server)) ?? etcdHindrance(scene, server);
  return trouble && { ...trouble, elsewhere: true };
}

/** A server can not work without the member beside it, where there is one, nor without a majority of all. */
function etcdHindrance(scene: Scene, server: string): Hindrance | undefined {
  const members = likes(scene, etcdAddress);
  const lost = members.map((member) => ownHindrance(scene, member));
  const found = lost.filter((way) => way !== undefined);
  return lost[members.findIndex((member) => hostOf(member) === hostOf(server))] ?? (members.length - found.length <= members.length / 2 ? found[0] : undefined);
}
