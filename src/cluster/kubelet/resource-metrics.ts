/** `/metrics/resource`, as far as the model knows what is used: containers and Pods, not the machine's own programs. Models pkg/kubelet/metrics/collectors/resource_metrics.go. */
import { epochDay } from '../../kubernetes/apimachinery/time.ts';
import type { ContainerStats, ListContainerStatsResponse } from '../../kubernetes/protocols/cri.ts';

type Labels = { readonly [name: string]: string };
type Sample = readonly [labels: Labels, value: number];

/** Models strconv.FormatFloat(x, 'g', -1, 64). */
function goFloat(value: number): string {
  if (value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e6)) return String(value);
  const [mantissa = '', exponent = ''] = value.toExponential().split('e');
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

function family(name: string, type: 'counter' | 'gauge', help: string, samples: readonly Sample[], atMs: number | undefined): string {
  if (samples.length === 0) return '';
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.keys(labels).sort().map((key) => `${key}=${JSON.stringify(labels[key])}`);
    return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${goFloat(value)}${atMs === undefined ? '' : ` ${atMs}`}\n`;
  });
  return `# HELP ${name} [STABLE] ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`;
}

const epochMs = epochDay * 86_400_000;

export function resourceMetrics({ atUs, stats }: ListContainerStatsResponse): string {
  const atMs = epochMs + Math.floor(atUs / 1_000);
  const sorted = [...stats].sort((a, b) => order(key(a), key(b)));
  const pods = new Map<string, { readonly labels: Labels; cpu: number; memory: number }>();
  for (const { namespace, pod, usageCoreNanoSeconds, workingSetBytes } of sorted) {
    const sum = pods.get(`${namespace}/${pod}`) ?? { labels: { namespace, pod }, cpu: 0, memory: 0 };
    pods.set(`${namespace}/${pod}`, { ...sum, cpu: sum.cpu + usageCoreNanoSeconds, memory: sum.memory + workingSetBytes });
  }
  const each = (value: (one: ContainerStats) => number): readonly Sample[] => sorted.map((one) => [{ container: one.container, namespace: one.namespace, pod: one.pod }, value(one)]);
  const ofPods = (value: (one: { readonly cpu: number; readonly memory: number }) => number): readonly Sample[] => [...pods.values()].map((one) => [one.labels, value(one)]);
  return [
    family('container_cpu_usage_seconds_total', 'counter', 'Cumulative cpu time consumed by the container in core-seconds', each(({ usageCoreNanoSeconds }) => usageCoreNanoSeconds / 1e9), atMs),
    family('container_memory_working_set_bytes', 'gauge', 'Current working set of the container in bytes', each(({ workingSetBytes }) => workingSetBytes), atMs),
    family('container_start_time_seconds', 'gauge', 'Start time of the container since unix epoch in seconds', each(({ startedAtUs }) => epochMs / 1e3 + startedAtUs / 1e6), undefined),
    family('pod_cpu_usage_seconds_total', 'counter', 'Cumulative cpu time consumed by the pod in core-seconds', ofPods(({ cpu }) => cpu / 1e9), atMs),
    family('pod_memory_working_set_bytes', 'gauge', 'Current working set of the pod in bytes', ofPods(({ memory }) => memory), atMs),
    family('resource_scrape_error', 'gauge', '1 if there was an error while getting container metrics, 0 otherwise', [[{}, 0]], undefined),
  ].join('');
}

const key = ({ namespace, pod, container }: ContainerStats): string => `${container} ${namespace} ${pod}`;
const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
