/**
 * The server's own controllers of CustomResourceDefinitions: names are accepted, kinds established, instances deleted before their definition goes.
 * Models apiextensions-apiserver/pkg/controller/{status/naming_controller,establish/establishing_controller,finalizer/crd_finalizer}.go.
 */
import type { Definition } from '../../../kubernetes/apiextensions/definition.ts';
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import type { ObjectList } from '../../../kubernetes/protocols/api.ts';
import { note, setTimer } from '../../../simulation/process/effects.ts';
import { apiServicesKey, customService } from '../api-services.ts';
import { ownRequest } from '../bootstrap.ts';
import { deleteCollection } from '../collections.ts';
import { kindDefined } from '../kinds-in-use.ts';
import { list } from '../reads.ts';
import { definitionsKey, servedAs } from '../served.ts';
import { cached, type Finished, type Step } from '../state.ts';
import { endOutdated } from '../watching.ts';
import { change, create } from '../writes.ts';
import { cleanupFinalizer } from '../strategies/definition.ts';
import { storedIn } from './finding.ts';

const prefix = 'definitions/';
export const isDefinitionHook = (hook: string): boolean => hook.startsWith(prefix);

const pollUs = 5_000_000;
const pollLimitUs = 60_000_000;
/** The queue's limiter begins at 5 ms and doubles; after a minute of polling the difference does not show. */
const againUs = 1_000_000;

const now = (step: Step, name: string): Definition | undefined => {
  const seen = cached(step.state, definitionsKey, name) as Definition | undefined;
  const written = step.state.definitions.written.get(name) as Definition | undefined;
  // What was written here a moment ago may not have come back yet: the controller's mutation cache.
  return seen !== undefined && written !== undefined && written.metadata.uid === seen.metadata.uid && Number(written.metadata.resourceVersion) > Number(seen.metadata.resourceVersion) ? written : seen;
};
const others = (step: Step, name: string): readonly Definition[] =>
  [...step.state.caches.get(definitionsKey)!.objects.keys()].filter((key) => key !== name).map((key) => now(step, key)!);

function updateStatus(step: Step, hook: string, definition: Definition): void {
  change(step, ownRequest(step, servedAs(definitionsKey), { verb: 'update', subresource: 'status', name: definition.metadata.name, body: definition }, `${prefix}${hook}/${definition.metadata.name}`));
}

/** A definition came, changed or went: every controller looks at it. */
export function definitionChanged(step: Step, name: string): void {
  queueNaming(step, [name]);
  const definition = cached(step.state, definitionsKey, name) as Definition | undefined;
  registerServices(step, name.slice(name.indexOf('.') + 1));
  endOutdated(step, name, definition);
  kindDefined(step, name, definition);
  if (definition === undefined) {
    queueNaming(step, others(step, name).map(({ metadata }) => metadata.name));
    return;
  }
  establish(step, definition);
  const judged = part().approved(now(step, name)!, step.env.nowUs);
  if (judged !== undefined) updateStatus(step, 'approve', judged);
  if (definition.metadata.deletionTimestamp !== undefined && definition.metadata.finalizers?.includes(cleanupFinalizer) === true) finalize(step, definition);
}

const isTrue = ({ status }: Definition, type: string): boolean => status?.conditions?.some((one) => one.type === type && one.status === 'True') === true;
const part = () => latePart('customResources');

/** Accepted names are served at once: a server alone waits for no other. */
function establish(step: Step, definition: Definition): void {
  if (isTrue(definition, 'Established') || !isTrue(definition, 'NamesAccepted')) return;
  const { withCondition, hasWrongBundle } = part();
  const next = hasWrongBundle(definition) ? { status: 'False', reason: 'InvalidCABundle', message: 'The conversion webhook CABundle is invalid' } as const
    : { status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' } as const;
  const { reason } = definition.status?.conditions?.find(({ type }) => type === 'Established') ?? {};
  if (reason !== next.reason) updateStatus(step, 'establish', withCondition(definition, { type: 'Established', ...next }, step.env.nowUs));
}

/** The group's APIServices are those of the versions that its established definitions serve. */
function registerServices(step: Step, group: string): void {
  const { registered } = step.state.definitions;
  const established = [...step.state.caches.get(definitionsKey)!.objects.values() as Iterable<Definition>].filter((one) => one.spec.group === group && isTrue(one, 'Established'));
  const wanted = [...new Set(established.flatMap((one) => part().servedVersions(one)))];
  const known = registered.get(group) ?? [];
  const services = servedAs(apiServicesKey);
  const [more, fewer] = [wanted.filter((version) => !known.includes(version)), known.filter((version) => !wanted.includes(version))];
  if (more.length + fewer.length === 0) return;
  setDefinitions(step, { registered: registered.set(group, wanted) });
  for (const version of more) create(step, ownRequest(step, services, { verb: 'create', body: customService(group, version) }, `${prefix}register/${version}.${group}`));
  for (const version of fewer) change(step, ownRequest(step, services, { verb: 'delete', name: `${version}.${group}` }, `${prefix}register/${version}.${group}`));
}

// ---- names: one definition after the other, so that each knows what the last was given

function setDefinitions(step: Step, next: Partial<Step['state']['definitions']>): void {
  step.state = { ...step.state, definitions: { ...step.state.definitions, ...next } };
}

function queueNaming(step: Step, names: readonly string[]): void {
  const { naming } = step.state.definitions;
  const more = names.filter((name) => !naming.slice(1).includes(name));
  if (more.length === 0) return;
  setDefinitions(step, { naming: [...naming, ...more] });
  if (naming.length === 0) nameNext(step);
}

function nameNext(step: Step): void {
  for (let [name] = step.state.definitions.naming; name !== undefined; [name] = step.state.definitions.naming) {
    const definition = now(step, name);
    const next = definition === undefined ? undefined : part().named(definition, others(step, name), step.env.nowUs);
    if (next !== undefined) return updateStatus(step, 'name', next);
    setDefinitions(step, { naming: step.state.definitions.naming.slice(1) });
  }
}

function namedOn(step: Step, name: string, { code, body }: Finished): void {
  setDefinitions(step, { naming: step.state.definitions.naming.slice(1) });
  if (code < 300) {
    const definition = body as KubeObject;
    setDefinitions(step, { written: step.state.definitions.written.set(name, definition) });
    // A name may have become free.
    queueNaming(step, others(step, name).filter(({ spec }) => spec.group === (definition as Definition).spec.group).map(({ metadata }) => metadata.name));
  }
  nameNext(step);
}

// ---- the end of a definition

const terminating = (step: Step, definition: Definition, status: 'True' | 'False', reason: string, message: string): Definition =>
  part().withCondition(definition, { type: 'Terminating', status, reason, message }, step.env.nowUs);

function finalize(step: Step, definition: Definition): void {
  const { name } = definition.metadata;
  if (step.state.definitions.ending.has(name)) return;
  setDefinitions(step, { ending: step.state.definitions.ending.set(name, step.env.nowUs) });
  updateStatus(step, 'end', terminating(step, definition, 'True', 'InstanceDeletionInProgress', 'CustomResource deletion is in progress'));
}

function release(step: Step, definition: Definition, reason: string, message: string): void {
  const next = terminating(step, definition, 'False', reason, message);
  const finalizers = (next.metadata.finalizers ?? []).filter((one) => one !== cleanupFinalizer);
  updateStatus(step, 'release', { ...next, metadata: { ...next.metadata, finalizers } });
}

/** Says that the instances are being deleted, deletes them, and waits until there are none. */
function endOn(step: Step, stage: string, name: string, { code, body }: Finished): void {
  if (stage === 'release' || code >= 300) return ended(step, name);
  const definition = stage === 'end' ? body as Definition : now(step, name);
  if (definition === undefined) return ended(step, name);
  if (stage === 'end') setDefinitions(step, { written: step.state.definitions.written.set(name, definition) });
  const served = storedIn(definition);
  if (served === undefined) return release(step, definition, 'NeverEstablished', 'resource was never established');
  if (stage === 'end') return deleteCollection(step, ownRequest(step, served, { verb: 'deletecollection' }, `${prefix}delete/${name}`));
  if (stage === 'delete') return poll(step, name);
  const { items } = body as ObjectList;
  if (items.length === 0) return release(step, definition, 'InstanceDeletionCompleted', 'removed all instances');
  const sinceUs = step.state.definitions.ending.get(name) ?? step.env.nowUs;
  step.effects.push(note({ name: 'definitions', text: `CustomResourceDefinition ${name} waits for ${items.length} of its objects to be gone` }));
  if (step.env.nowUs - sinceUs < pollLimitUs) step.effects.push(setTimer(`definitions/${name}`, pollUs, { name: 'definitions', body: name }));
  else updateStatus(step, 'fail', terminating(step, definition, 'True', 'InstanceDeletionCheck', 'could not confirm zero CustomResources remaining: context deadline exceeded'));
  return undefined;
}

/** Looks whether instances are left. */
export function poll(step: Step, name: string): void {
  const definition = now(step, name);
  const served = definition === undefined ? undefined : storedIn(definition);
  if (served === undefined) return ended(step, name);
  list(step, ownRequest(step, served, { verb: 'list' }, `${prefix}poll/${name}`));
}

function ended(step: Step, name: string): void {
  setDefinitions(step, { ending: step.state.definitions.ending.delete(name), written: step.state.definitions.written.delete(name) });
}

/** A request of these controllers was answered. */
export function definitionsOn(step: Step, finished: Finished): void {
  const [stage = '', name = ''] = finished.hook.slice(prefix.length).split('/');
  if (stage === 'name') return namedOn(step, name, finished);
  if (stage === 'establish' || stage === 'register' || stage === 'approve') return;
  if (stage !== 'fail') return endOn(step, stage, name, finished);
  ended(step, name);
  step.effects.push(setTimer(`definitions/again/${name}`, againUs, { name: 'definition', body: name }));
}
