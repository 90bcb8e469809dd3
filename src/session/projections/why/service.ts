import type { Deployment, Pod, Service } from '../../../kubernetes/api/index.ts';
import { compileLabelSet } from '../../../kubernetes/apimachinery/label-selector.ts';
import { objectRowKey } from '../object-rows.ts';
import { controllerManager, hindranceOf } from './ability.ts';
import { apply, asWritten } from './amend.ts';
import { readyBehind, whyPod } from './pod.ts';
import { plural, verdict, type Scene, type Verdict } from './scene.ts';

const inWords = (labels: Readonly<Record<string, string>>): string => Object.entries(labels).map(([key, value]) => `${key}=${value}`).join(',');

/** Why does this Service lead nowhere, or where does it lead? */
export function whyService(scene: Scene, service: Service): Verdict {
  const { name, namespace = 'default' } = service.metadata;
  const selector = service.spec?.selector ?? {};
  if (service.spec?.type === 'ExternalName') return verdict('good', `${name} is a name for ${service.spec.externalName ?? 'another name'} in DNS; it has no endpoints.`, [scene.said(service, 'spec.type: ExternalName')]);
  if (Object.keys(selector).length === 0) return verdict('good', `${name} has no selector: whoever made it writes its endpoints.`, [scene.said(service, 'spec.selector is not set')]);
  const asks = scene.said(service, `spec.selector: ${inWords(selector)}`);
  const pods = scene.all<Pod>('Pod', namespace);
  const selected = pods.filter((pod) => compileLabelSet(selector).matches(pod.metadata.labels ?? {}));
  if (selected.length === 0) return whyNobody(scene, service, selector, pods.length, asks);
  const isReady = (pod: Pod): boolean => pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true && pod.metadata.deletionTimestamp === undefined;
  const ready = selected.filter(isReady);
  const led = readyBehind(scene, service);
  const behind = ready.filter((pod) => led.has(pod.metadata.name));
  const stuck = hindranceOf(scene, controllerManager);
  if (stuck !== undefined && behind.length < ready.length) return verdict('bad', `${name} leads to ${behind.length} of its ${plural(ready.length, 'ready Pod')} because nobody writes its EndpointSlice: ${stuck.text}.`, [asks, ...stuck.evidence], stuck.remedies);
  if (ready.length === 0) {
    const pod = selected[0]!;
    const why = whyPod(scene, pod);
    return verdict(why.tone === 'good' ? 'waiting' : why.tone, `${name} has no ready endpoint: ${selected.length === 1 ? 'its only Pod is not' : `none of its ${selected.length} Pods is`} Ready. Pod ${pod.metadata.name}: ${why.verdict}`, [asks, scene.backed(`Pod ${pod.metadata.name}`, undefined, objectRowKey(pod)), ...why.evidence], why.remedies);
  }
  if (behind.length < ready.length) return verdict('waiting', `${name} leads to ${behind.length} of its ${plural(ready.length, 'ready Pod')}: the endpointslice-controller is about to add the others.`, [asks]);
  return verdict('good', `${name} leads to ${plural(behind.length, 'ready Pod')}${selected.length > ready.length ? `; ${selected.length - ready.length} more ${selected.length - ready.length === 1 ? 'is' : 'are'} not Ready` : ''}.`, [asks, ...behind.slice(0, 10).map((pod) => scene.backed(`Pod ${pod.metadata.name}`, undefined, objectRowKey(pod)))]);
}

/** Its selector finds no Pod: which Deployment's Pods come nearest? */
function whyNobody(scene: Scene, service: Service, selector: Readonly<Record<string, string>>, others: number, asks: Verdict['evidence'][number]): Verdict {
  const { name, namespace = 'default' } = service.metadata;
  const labelsOf = (deployment: Deployment): Readonly<Record<string, string>> => deployment.spec?.template?.metadata?.labels ?? {};
  const deployments = scene.all<Deployment>('Deployment', namespace);
  const empty = deployments.find((deployment) => compileLabelSet(selector).matches(labelsOf(deployment)));
  const text = `${name} has no endpoints: no Pod in ${namespace} has the labels of its selector, ${inWords(selector)}`;
  if (empty !== undefined) {
    return verdict('bad', `${text}. The Deployment ${empty.metadata.name} would make such Pods and has ${plural(empty.spec?.replicas ?? 1, 'replica')}.`, [asks, scene.said(empty, `Deployment ${empty.metadata.name}`)],
      empty.spec?.replicas === 0 ? [{ title: `Scale ${empty.metadata.name} to 1`, explanation: 'Its Pods have the labels that the Service selects.', command: { type: 'scale-object', kind: 'Deployment', namespace, name: empty.metadata.name, replicas: 1 } }] : []);
  }
  return verdict('bad', `${text}${others === 0 ? '; there are no Pods at all' : ''}.`, [asks, ...deployments.slice(0, 5).map((deployment) => scene.said(deployment, `Pods of Deployment ${deployment.metadata.name} have ${inWords(labelsOf(deployment))}`))],
    deployments.slice(0, 2).map((deployment) => ({
      title: `Select ${inWords(labelsOf(deployment))}`, explanation: `The labels of the Pods of Deployment ${deployment.metadata.name}.`, command: apply(withSelector(asWritten(service), labelsOf(deployment))),
    })));
}

const withSelector = (service: Service, selector: Readonly<Record<string, string>>): Service => ({ ...service, spec: { ...service.spec, selector } });
