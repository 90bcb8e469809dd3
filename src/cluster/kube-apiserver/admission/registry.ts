/** The admission plugins, in upstream's order (pkg/kubeapiserver/options/plugins.go: AllOrderedPlugins): first all that add something, then all that only judge. */
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { persistentVolumeClaimResize } from './claim-resize.ts';
import { defaultIngressClass, defaultStorageClass } from './default-class.ts';
import { defaultTolerationSeconds } from './default-toleration-seconds.ts';
import { limitRanger } from './limit-ranger.ts';
import { mutatingAdmissionPolicy, mutatingBindings } from './mutating-admission-policy.ts';
import { namespaceLifecycle } from './namespace-lifecycle.ts';
import { nodeRestriction } from './node-restriction.ts';
import { isExempt } from './asking.ts';
import type { Admission, AdmissionContext, AdmissionPlugin, Operation, Verdict } from './plugin.ts';
import { podSecurity } from './pod-security.ts';
import { onlyDefaultPriority, priority } from './priority.ts';
import { Reinvocation } from './reinvocation.ts';
import { resourceQuota } from './resource-quota.ts';
import { runtimeClass } from './runtime-class.ts';
import { serviceAccount } from './service-account.ts';
import { storageObjectInUseProtection } from './storage-protection.ts';
import { taintNodesByCondition } from './taint-nodes-by-condition.ts';
import { validatingAdmissionPolicy } from './validating-admission-policy.ts';
import { mutatingConfigurations, mutatingWebhooks, validatingWebhooks } from './webhooks.ts';

const builtIn: readonly AdmissionPlugin[] = [
  namespaceLifecycle, limitRanger, serviceAccount, nodeRestriction, taintNodesByCondition, podSecurity, priority, onlyDefaultPriority, defaultTolerationSeconds,
  defaultStorageClass, storageObjectInUseProtection, persistentVolumeClaimResize, runtimeClass, defaultIngressClass,
];
/** These change what is changed too, by what users have configured. */
const configured: readonly AdmissionPlugin[] = [mutatingAdmissionPolicy, mutatingWebhooks];
export const admissionPlugins: readonly AdmissionPlugin[] = [...builtIn, ...configured, validatingAdmissionPolicy, validatingWebhooks, resourceQuota];

const caresAbout = ({ resources }: AdmissionPlugin, resource: string): boolean => resources === undefined || resources.includes(resource);

/** Runs an object past every one of the plugins that may add to it; the first that refuses or must wait ends the round. */
function pass(plugins: readonly AdmissionPlugin[], object: KubeObject, context: AdmissionContext): Admission {
  let current = object;
  for (const plugin of plugins) {
    if (plugin.admit === undefined || !caresAbout(plugin, context.inflight.served.key)) continue;
    const outcome = plugin.admit(current, context);
    if (!('object' in outcome)) return outcome;
    current = outcome.object;
  }
  return { object: current };
}

/** Whether any of what requests are held against changes objects. */
const changesObjects = (held: readonly string[]): boolean => held.includes(mutatingConfigurations) || held.includes(mutatingBindings);

/** Whether users have configured anything that changes objects. */
const isMutated = ({ isAny, inflight }: AdmissionContext): boolean => (isAny(mutatingConfigurations) || isAny(mutatingBindings)) && !isExempt(inflight);

/** A new object with all that is added to it. */
export function admit(object: KubeObject, context: AdmissionContext): Admission {
  const outcome = pass(builtIn, object, context);
  return 'object' in outcome && isMutated(context) ? mutate(outcome.object, context, builtIn) : outcome;
}

const changers = builtIn.filter(({ addsToChanges }) => addsToChanges === true);
const none: readonly AdmissionPlugin[] = [];

/** The built-in plugins that add to a changed object of a resource (by its key), or to a part of it. */
const changersOf = (resource: string, operation: Operation, part: string | undefined): readonly AdmissionPlugin[] =>
  (operation === 'UPDATE' && part === undefined && changers.some((plugin) => caresAbout(plugin, resource)) ? changers : none);

/** Whether anybody may add to a change, given whether users have configured anything that does. */
export const mayAddToChange = (resource: string, operation: Operation, part: string | undefined, held: readonly string[]): boolean =>
  changesObjects(held) || changersOf(resource, operation, part).length > 0;

/** A changed (or deleted) object with all that is added to it. */
export function admitChanged(object: KubeObject, context: AdmissionContext): Admission {
  const { inflight: { served, request }, operation } = context;
  const plugins = changersOf(served.key, operation, request.subresource);
  const outcome = pass(plugins, object, context);
  return 'object' in outcome ? mutate(outcome.object, context, plugins) : outcome;
}

/** An object with what users have configured; who has changed it makes the others look again, once. */
function mutate(object: KubeObject, given: AdmissionContext, others: readonly AdmissionPlugin[]): Admission {
  if (!isMutated(given)) return { object };
  const reinvocation = new Reinvocation();
  const context = { ...given, reinvocation };
  const outcome = pass(configured, object, context);
  if (!('object' in outcome) || !reinvocation.isWanted) return outcome;
  reinvocation.isSecond = true;
  return pass([...others, ...configured], outcome.object, context);
}

const judges = admissionPlugins.filter(({ validate }) => validate !== undefined);
const unconditional = new Map<string, boolean>();

/** Whether anybody may have something against a change of a resource (by its key) or of a part of it, given whether there is anything to hold it against. */
export function isJudged(resource: string, part: string | undefined, held: boolean): boolean {
  if (held || (part !== undefined && part !== 'ephemeralcontainers')) return held;
  let always = unconditional.get(resource);
  if (always === undefined) unconditional.set(resource, always = judges.some((plugin) => plugin.judgesAlways === true && caresAbout(plugin, resource)));
  return always;
}

/** Asks every plugin that judges; the first that has something against it speaks. */
export function judge(object: KubeObject, context: AdmissionContext): Verdict {
  for (const plugin of judges) {
    if (!caresAbout(plugin, context.inflight.served.key)) continue;
    const verdict = plugin.validate!(object, context);
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

const named = (plugins: readonly AdmissionPlugin[]) => {
  const known = new Map<string, readonly string[]>();
  return (resource: string): readonly string[] => {
    let names = known.get(resource);
    if (names === undefined) known.set(resource, names = plugins.filter((plugin) => caresAbout(plugin, resource)).map(({ name }) => name));
    return names;
  };
};

/** The plugins that may add to a resource (by its key), and those that judge it, for the note on the timeline. */
export const pluginsFor = named(admissionPlugins.filter((plugin) => plugin.admit !== undefined));
export const judgesFor = named(judges);
