/** Defaults of Pods and Pod templates. Models pkg/apis/core/v1/defaults.go. */
import type {
  Container, ContainerPort, DownwardAPIVolumeFile, EnvVar, EnvVarSource, HTTPGetAction, Lifecycle, LifecycleHandler, ObjectFieldSelector, Pod,
  PodSpec, PodTemplateSpec, Probe, PullPolicy, ResourceFieldSelector, ResourceRequirements, Volume, VolumeProjection,
} from '../core-v1-pod.ts';
import { change, each, fill } from './fill.ts';
import { storedQuantity, storedResources } from './resources.ts';

/** `Always` for the tag `latest`, which is also meant where neither tag nor digest is given. Models SetDefaults_Container. */
export function defaultPullPolicy(image: string | undefined): PullPolicy {
  if (image === undefined || image === '') return 'IfNotPresent';
  const at = image.indexOf('@');
  const name = at < 0 ? image : image.slice(0, at);
  const colon = name.lastIndexOf(':');
  const tag = colon > name.lastIndexOf('/') ? name.slice(colon + 1) : '';
  return tag === 'latest' || (tag === '' && at < 0) ? 'Always' : 'IfNotPresent';
}

const httpGetDefaults: Partial<HTTPGetAction> = { path: '/', scheme: 'HTTP' };
const httpGet = (action: HTTPGetAction): HTTPGetAction => fill(action, httpGetDefaults);

const positive = (value: number | undefined, otherwise: number): number => (value === undefined || value === null || value === 0 ? otherwise : value);

/** Numbers of a probe; zero means "not set" here, as in Go. */
function probe(given: Probe): Probe {
  const timeoutSeconds = positive(given.timeoutSeconds, 1);
  const periodSeconds = positive(given.periodSeconds, 10);
  const successThreshold = positive(given.successThreshold, 1);
  const failureThreshold = positive(given.failureThreshold, 3);
  const handled = change(given, 'httpGet', httpGet);
  if (given.timeoutSeconds === timeoutSeconds && given.periodSeconds === periodSeconds
    && given.successThreshold === successThreshold && given.failureThreshold === failureThreshold) return handled;
  return { ...handled, timeoutSeconds, periodSeconds, successThreshold, failureThreshold };
}

const handler = (given: LifecycleHandler): LifecycleHandler => change(given, 'httpGet', httpGet);
const lifecycle = (given: Lifecycle): Lifecycle => change(change(given, 'postStart', handler), 'preStop', handler);

const fieldRefDefaults: Partial<ObjectFieldSelector> = { apiVersion: 'v1' };
const fieldRef = (given: ObjectFieldSelector): ObjectFieldSelector => fill(given, fieldRefDefaults);
const resourceFieldRef = (given: ResourceFieldSelector): ResourceFieldSelector => change(fill(given, { divisor: '0' }), 'divisor', storedQuantity);
const valueFrom = (given: EnvVarSource): EnvVarSource => change(change(given, 'fieldRef', fieldRef), 'resourceFieldRef', resourceFieldRef);
const envVars = each((given: EnvVar): EnvVar => change(given, 'valueFrom', valueFrom));

const portDefaults: Partial<ContainerPort> = { protocol: 'TCP' };
const ports = each((given: ContainerPort): ContainerPort => fill(given, portDefaults));

const resources = (given: ResourceRequirements): ResourceRequirements => change(change(given, 'limits', storedResources), 'requests', storedResources);

const noResources: ResourceRequirements = {};

function container<C extends Container>(given: C): C {
  let result: C = given;
  if (!given.resources || !given.terminationMessagePath || !given.terminationMessagePolicy || !given.imagePullPolicy) {
    result = {
      ...given,
      resources: given.resources ?? noResources,
      terminationMessagePath: given.terminationMessagePath || '/dev/termination-log',
      terminationMessagePolicy: given.terminationMessagePolicy || 'File',
      imagePullPolicy: given.imagePullPolicy || defaultPullPolicy(given.image),
    };
  }
  result = change(result, 'resources', resources as (value: NonNullable<C['resources']>) => NonNullable<C['resources']>);
  if (result.ports) result = withChanged(result, 'ports', ports(result.ports));
  if (result.env) result = withChanged(result, 'env', envVars(result.env));
  if (result.livenessProbe) result = withChanged(result, 'livenessProbe', probe(result.livenessProbe));
  if (result.readinessProbe) result = withChanged(result, 'readinessProbe', probe(result.readinessProbe));
  if (result.startupProbe) result = withChanged(result, 'startupProbe', probe(result.startupProbe));
  if (result.lifecycle) result = withChanged(result, 'lifecycle', lifecycle(result.lifecycle));
  return result;
}

const withChanged = <T extends object>(object: T, key: keyof T, value: unknown): T => (object[key] === value ? object : { ...object, [key]: value });

const containers = each((given: Container): Container => container(given));

const defaultMode = { defaultMode: 420 };
const items = each((file: DownwardAPIVolumeFile): DownwardAPIVolumeFile =>
  change(change(file, 'fieldRef', fieldRef), 'resourceFieldRef', resourceFieldRef));

const projection = (given: VolumeProjection): VolumeProjection =>
  change(change(given, 'serviceAccountToken', (token) => fill(token, { expirationSeconds: 3600 })),
    'downwardAPI', (downward) => change(downward, 'items', items));

/** Keys of a Volume that are not its source. */
const isSource = (key: string): boolean => key !== 'name';

function volume(given: Volume): Volume {
  for (const key in given) {
    if (!isSource(key) || given[key as keyof Volume] === undefined || given[key as keyof Volume] === null) continue;
    switch (key as keyof Volume) {
      case 'configMap': return change(given, 'configMap', (source) => fill(source, defaultMode));
      case 'secret': return change(given, 'secret', (source) => fill(source, defaultMode));
      case 'downwardAPI': return change(given, 'downwardAPI', (source) => change(fill(source, defaultMode), 'items', items));
      case 'projected': return change(given, 'projected', (source) => change(fill(source, defaultMode), 'sources', each(projection)));
      case 'hostPath': return change(given, 'hostPath', (source) => fill(source, { type: '' }));
      case 'emptyDir': return change(given, 'emptyDir', (source) => change(source, 'sizeLimit', storedQuantity));
      case 'image': return change(given, 'image', (source) => fill(source, { pullPolicy: defaultPullPolicy(source.reference) }));
      default: return given;
    }
  }
  return { ...given, emptyDir: {} };
}

const volumes = each(volume);

const specDefaults: Partial<PodSpec> = {
  restartPolicy: 'Always',
  terminationGracePeriodSeconds: 30,
  dnsPolicy: 'ClusterFirst',
  securityContext: {},
  schedulerName: 'default-scheduler',
};

/** Both names of the service account are always stored. Models Convert_v1_PodSpec_To_core_PodSpec and back. */
function bothServiceAccounts(spec: PodSpec): PodSpec {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (name === undefined || name === '' || (spec.serviceAccountName === name && spec.serviceAccount === name)) return spec;
  return { ...spec, serviceAccountName: name, serviceAccount: name };
}

/** Defaults that Pods and Pod templates share. Models SetDefaults_PodSpec and what hangs below it. */
export function defaultPodSpec(given: PodSpec): PodSpec {
  if (typeof given !== 'object' || given === null) return given;
  let spec = bothServiceAccounts(fill(given, specDefaults));
  spec = change(spec, 'containers', containers);
  spec = change(spec, 'initContainers', containers);
  spec = change(spec, 'ephemeralContainers', containers as (list: NonNullable<PodSpec['ephemeralContainers']>) => NonNullable<PodSpec['ephemeralContainers']>);
  spec = change(spec, 'volumes', volumes);
  return change(spec, 'overhead', storedResources);
}

/** Defaults of a template inside a workload. */
export const defaultPodTemplate = (template: PodTemplateSpec): PodTemplateSpec => change(template, 'spec', defaultPodSpec);

/** Requests that were not given are the limits, in Pods only. Models SetDefaults_Pod. */
const requestsFromLimits = each((given: Container): Container => change(given, 'resources', (wanted) => {
  const limits = wanted.limits;
  if (!limits) return wanted;
  const requests = fill(wanted.requests ?? {}, limits);
  return requests === wanted.requests ? wanted : { ...wanted, requests };
}));

/** On the host's network a port is the host's port. */
const hostPorts = each((given: Container): Container => change(given, 'ports', each((port) =>
  port.hostPort ? port : { ...port, hostPort: port.containerPort })));

const podOnlyDefaults: Partial<PodSpec> = { enableServiceLinks: true };

/** Specs that had all their defaults: a status write need not look at each field of them again. */
const complete = new WeakSet<PodSpec>();

function defaultSpecOfPod(given: PodSpec): PodSpec {
  if (complete.has(given)) return given;
  let spec = fill(defaultPodSpec(given), podOnlyDefaults);
  spec = change(spec, 'containers', requestsFromLimits);
  spec = change(spec, 'initContainers', requestsFromLimits);
  if (spec.hostNetwork === true) spec = change(change(spec, 'containers', hostPorts), 'initContainers', hostPorts);
  if (spec === given && typeof given === 'object') complete.add(given);
  return spec;
}

const emptyStatus: Partial<Pod> = { status: {} };

/** Defaults of a Pod. Models SetDefaults_Pod. */
export const defaultPod = (pod: Pod): Pod => fill(change(pod, 'spec', defaultSpecOfPod), emptyStatus);
