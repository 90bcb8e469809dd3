/** The plugins of the default profile, in its order. Models pkg/scheduler/apis/config/v1/default_plugins.go. */
import type { Plugin } from '../framework.ts';
import { schedulingGates } from './scheduling-gates.ts';
import { nodeUnschedulable } from './node-unschedulable.ts';
import { nodeName } from './node-name.ts';
import { taintToleration } from './taint-toleration.ts';
import { nodeAffinity } from './node-affinity.ts';
import { nodePorts } from './node-ports.ts';
import { nodeResourcesFit } from './node-resources-fit.ts';
import { nodeResourcesBalancedAllocation } from './node-resources-balanced-allocation.ts';
import { imageLocality } from './image-locality.ts';
import { volumeBinding } from './volume-binding.ts';

/** A plugin and how much its score counts. */
export interface EnabledPlugin { readonly plugin: Plugin; readonly weight: number }

export const defaultPlugins: readonly EnabledPlugin[] = [
  { plugin: schedulingGates, weight: 0 },
  { plugin: nodeUnschedulable, weight: 0 },
  { plugin: nodeName, weight: 0 },
  { plugin: taintToleration, weight: 3 },
  { plugin: nodeAffinity, weight: 2 },
  { plugin: nodePorts, weight: 0 },
  { plugin: nodeResourcesFit, weight: 1 },
  { plugin: volumeBinding, weight: 0 },
  { plugin: nodeResourcesBalancedAllocation, weight: 1 },
  { plugin: imageLocality, weight: 1 },
];

export const filterPlugins: readonly Plugin[] = defaultPlugins.filter(({ plugin }) => plugin.filter !== undefined).map(({ plugin }) => plugin);
export const scorePlugins: readonly EnabledPlugin[] = defaultPlugins.filter(({ plugin }) => plugin.score !== undefined);

/** The plugin of this name; throws on one that is not enabled. */
export function pluginNamed(name: string): Plugin {
  for (const { plugin } of defaultPlugins) if (plugin.name === name) return plugin;
  throw new Error(`no plugin is called ${name}`);
}
