/** What a LimitRange adds and demands. Models plugin/pkg/admission/limitranger/admission.go. */
import type { LimitItem, LimitRangeSpec, Of } from '../api/kept-specs.ts';
import type { Container, KubeObject, Pod, ResourceList } from '../api/index.ts';
import { compareQuantities, cpuMillis } from '../apimachinery/quantity.ts';
import { podResources } from './pod-resources.ts';

export type LimitRange = Of<LimitRangeSpec>;

const annotation = 'kubernetes.io/limit-ranger';
const sorted = (list: ResourceList | undefined): readonly (readonly [string, string])[] => Object.entries(list ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/** The Pod with the defaults of its namespace, and an annotation that says what was set. */
export function withDefaults(pod: Pod, ranges: readonly LimitRange[]): Pod {
  return ranges.reduce(defaulted, pod);
}

function defaulted(pod: Pod, { spec }: LimitRange): Pod {
  const requests: Record<string, string> = {};
  const limits: Record<string, string> = {};
  for (const item of spec.limits ?? []) {
    if (item.type !== 'Container') continue;
    Object.assign(requests, item.defaultRequest);
    Object.assign(limits, item.default);
  }
  const said: string[] = [];
  const merge = (what: string) => <C extends Container>(container: C): C => merged(container, requests, limits, what, said);
  const containers = pod.spec.containers.map(merge('container'));
  const initContainers = pod.spec.initContainers?.map(merge('init container'));
  if (said.length === 0) return pod;
  return {
    ...pod, metadata: { ...pod.metadata, annotations: { ...pod.metadata.annotations, [annotation]: `LimitRanger plugin set: ${said.join('; ')}` } },
    spec: { ...pod.spec, containers, ...(initContainers === undefined ? {} : { initContainers }) },
  } as Pod;
}

function merged<C extends Container>(container: C, requests: ResourceList, limits: ResourceList, what: string, said: string[]): C {
  const own = container.resources ?? {};
  const missing = (given: ResourceList | undefined, all: ResourceList): readonly string[] => Object.keys(all).filter((name) => given?.[name] === undefined).sort();
  const newRequests = missing(own.requests, requests);
  const newLimits = missing(own.limits, limits);
  if (newRequests.length + newLimits.length === 0) return container;
  if (newRequests.length > 0) said.push(`${newRequests.join(', ')} request for ${what} ${container.name}`);
  if (newLimits.length > 0) said.push(`${newLimits.join(', ')} limit for ${what} ${container.name}`);
  const filled = (name: 'requests' | 'limits', all: ResourceList): object => (Object.keys(all).length + Object.keys(own[name] ?? {}).length === 0 ? {} : { [name]: { ...all, ...own[name] } });
  return { ...container, resources: { ...own, ...filled('requests', requests), ...filled('limits', limits) } };
}

type Amounts = { readonly requests?: ResourceList; readonly limits?: ResourceList };

function minimum(type: string, name: string, least: string, { requests, limits }: Amounts): string | undefined {
  const head = `minimum ${name} usage per ${type} is ${least}`;
  const request = requests?.[name];
  const limit = limits?.[name];
  if (request === undefined) return `${head}.  No request is specified`;
  if (compareQuantities(request, least) < 0) return `${head}, but request is ${request}`;
  return limit !== undefined && compareQuantities(limit, least) < 0 ? `${head}, but limit is ${limit}` : undefined;
}

function maximum(type: string, name: string, most: string, { requests, limits }: Amounts): string | undefined {
  const head = `maximum ${name} usage per ${type} is ${most}`;
  const request = requests?.[name];
  const limit = limits?.[name];
  if (limit === undefined) return `${head}.  No limit is specified`;
  if (compareQuantities(limit, most) > 0) return `${head}, but limit is ${limit}`;
  return request !== undefined && compareQuantities(request, most) > 0 ? `${head}, but request is ${request}` : undefined;
}

/** Of a claim, whose limits are nobody's word. */
function maximumRequest(type: string, name: string, most: string, { requests }: Amounts): string | undefined {
  const request = requests?.[name];
  const head = `maximum ${name} usage per ${type} is ${most}`;
  if (request === undefined) return `${head}.  No request is specified`;
  return compareQuantities(request, most) > 0 ? `${head}, but request is ${request}` : undefined;
}

function ratio(type: string, name: string, most: string, { requests, limits }: Amounts): string | undefined {
  const head = `${name} max limit to request ratio per ${type} is ${most}`;
  const request = cpuMillis(requests?.[name]);
  const limit = cpuMillis(limits?.[name]);
  if (request === 0) return `${head}, but no request is specified or request is 0`;
  if (limit === 0) return `${head}, but no limit is specified or limit is 0`;
  return (limit / request) * 1000 > cpuMillis(most) ? `${head}, but provided ratio is ${(limit / request).toFixed(6)}` : undefined;
}

function demands(item: LimitItem, amounts: Amounts, highest: typeof maximum): readonly (string | undefined)[] {
  const type = item.type ?? '';
  return [
    ...sorted(item.min).map(([name, amount]) => minimum(type, name, amount, amounts)),
    ...sorted(item.max).map(([name, amount]) => highest(type, name, amount, amounts)),
    ...sorted(item.maxLimitRequestRatio).map(([name, amount]) => ratio(type, name, amount, amounts)),
  ];
}

function podDemands(pod: Pod, item: LimitItem): readonly (string | undefined)[] {
  if (item.type === 'Container') return [...pod.spec.containers, ...pod.spec.initContainers ?? []].flatMap(({ resources }) => demands(item, resources ?? {}, maximum));
  if (item.type !== 'Pod') return [];
  return demands(item, { requests: podResources(pod.spec, 'requests', false), limits: podResources(pod.spec, 'limits', false) }, maximum);
}

type Claim = KubeObject & { readonly spec?: { readonly resources?: { readonly requests?: ResourceList } } };

/** What breaks the limits, in upstream's words; undefined where nothing does. The first LimitRange that is broken speaks for all. */
export function brokenLimits(object: KubeObject, ranges: readonly LimitRange[]): string | undefined {
  for (const { spec } of ranges) {
    const wrong = (spec.limits ?? []).flatMap((item) => {
      if (object.kind === 'Pod') return podDemands(object as Pod, item);
      return item.type === 'PersistentVolumeClaim' ? demands({ type: item.type, min: item.min, max: item.max }, { requests: (object as Claim).spec?.resources?.requests }, maximumRequest) : [];
    }).filter((one) => one !== undefined);
    if (wrong.length > 0) return aggregate(wrong);
  }
  return undefined;
}

/** Several errors as one. Models apimachinery/pkg/util/errors: aggregate. */
export function aggregate(errors: readonly string[]): string {
  const different = [...new Set(errors)];
  return different.length === 1 ? different[0]! : `[${different.join(', ')}]`;
}
