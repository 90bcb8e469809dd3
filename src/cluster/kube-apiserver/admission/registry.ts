/** The admission plugins, in upstream's order (pkg/kubeapiserver/options/plugins.go: AllOrderedPlugins). All of them act on creates. */
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { nodeRestriction } from './node-restriction.ts';
import type { Admission, AdmissionContext, AdmissionPlugin } from './plugin.ts';
import { priority } from './priority.ts';
import { serviceAccount } from './service-account.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';

export const admissionPlugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle, serviceAccount, nodeRestriction, taintNodesByCondition, priority, defaultTolerationSeconds,
];

/** Runs the object past every plugin; the first that refuses or must wait ends the round. */
export function admit(object: KubeObject, context: AdmissionContext): Admission {
  let current = object;
  for (const plugin of admissionPlugins) {
    if (plugin.resource !== undefined && plugin.resource !== context.inflight.served.key) continue;
    const outcome = plugin.admit(current, context);
    if (!('object' in outcome)) return outcome;
    current = outcome.object;
  }
  return { object: current };
}

const pluginNames = new Map<string, readonly string[]>();

/** The plugins that look at a resource (by its key), for the note on the timeline. */
export function pluginsFor(resource: string): readonly string[] {
  let names = pluginNames.get(resource);
  if (names === undefined) pluginNames.set(resource, names = admissionPlugins.filter((plugin) => plugin.resource === undefined || plugin.resource === resource).map(({ name }) => name));
  return names;
}
