/** What a user asks of kubectl, as inputs of the world: a transcript, a workload and a session all speak to the same process. */
import type { WorldInput } from '../simulation/recording/records.ts';
import type { World } from '../simulation/world.ts';
import type { CommandBodies, CommandType, KubectlState, Target } from '../cluster/kubectl/state.ts';
import type { ObjectRef } from './cluster-view.ts';
import { kubectlAddress } from './topologies/index.ts';

/** A command for kubectl; its `id` names what it prints. */
export const tellKubectl = <Type extends CommandType>(event: Type, body: CommandBodies[Type]): WorldInput => ({ type: 'tell', to: kubectlAddress, event, body });

/** `kubectl apply` of objects at hand. */
export const applyObjects = (id: string, objects: readonly unknown[]): WorldInput => tellKubectl('kubectl.apply', { id, documents: objects.map((value) => ({ value })) });

/** An object as kubectl names it. */
export const targetOf = ({ info, namespace, name }: ObjectRef): Target => ({ apiVersion: info.apiVersion, kind: info.kind, name, ...(namespace === '' ? {} : { namespace }) });

const stateOf = (world: World): KubectlState | undefined => world.process(kubectlAddress)?.snapshot?.state as KubectlState | undefined;

/** Is a command under way? */
export const isRunning = (world: World, id: string): boolean => stateOf(world)?.runs.has(id) === true;

/** What a command printed so far. */
export const printedBy = (world: World, id: string): readonly string[] => (stateOf(world)?.results ?? []).filter((result) => result.id === id).map((result) => result.text);
