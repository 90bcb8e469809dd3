/**
 * HorizontalPodAutoscalers in their two stable versions; they are stored as v2. Models pkg/apis/autoscaling/v1/conversion.go: v1 knows one metric,
 * the CPU in percent, and carries the rest in annotations.
 */
import type { KubeObject } from './meta-v1.ts';

const metricsAnnotation = 'autoscaling.alpha.kubernetes.io/metrics';
const currentAnnotation = 'autoscaling.alpha.kubernetes.io/current-metrics';
const conditionsAnnotation = 'autoscaling.alpha.kubernetes.io/conditions';
const behaviorAnnotation = 'autoscaling.alpha.kubernetes.io/behavior';
const carried = [metricsAnnotation, currentAnnotation, conditionsAnnotation, behaviorAnnotation];

type Json = { readonly [field: string]: unknown };
interface Metric { readonly type?: string; readonly resource?: { readonly name?: string; readonly target?: { readonly type?: string; readonly averageUtilization?: number }; readonly current?: { readonly averageUtilization?: number } } }

const isCpuPercent = ({ resource }: Metric, part: 'target' | 'current'): boolean => resource?.name === 'cpu' && resource[part]?.averageUtilization !== undefined;

function withAnnotations(object: KubeObject, added: { readonly [name: string]: unknown }): KubeObject['metadata'] {
  const annotations: Record<string, string> = {};
  for (const [name, value] of Object.entries(object.metadata.annotations ?? {})) if (!carried.includes(name)) annotations[name] = value;
  for (const name of Object.keys(added)) annotations[name] = JSON.stringify(added[name]);
  const { annotations: _before, ...rest } = object.metadata;
  return Object.keys(annotations).length === 0 ? rest : { ...rest, annotations };
}

/** A stored autoscaler as autoscaling/v1 shows it. */
export function v1FromV2(object: KubeObject): KubeObject {
  const { metrics = [], behavior, ...spec } = (object.spec ?? {}) as { readonly metrics?: readonly Metric[]; readonly behavior?: unknown };
  const { currentMetrics, conditions, ...status } = (object.status ?? {}) as { readonly currentMetrics?: readonly Metric[] | null; readonly conditions?: readonly unknown[] };
  const cpu = metrics.find((metric) => isCpuPercent(metric, 'target'));
  const current = currentMetrics?.find((metric) => isCpuPercent(metric, 'current'));
  const others = metrics.filter((metric) => metric !== cpu);
  return {
    ...object, apiVersion: 'autoscaling/v1',
    metadata: withAnnotations(object, {
      ...(others.length > 0 && { [metricsAnnotation]: others }), ...((currentMetrics ?? []).length > 0 && { [currentAnnotation]: currentMetrics }),
      ...(conditions !== undefined && conditions.length > 0 && { [conditionsAnnotation]: conditions }), ...(behavior !== undefined && behavior !== null && { [behaviorAnnotation]: behavior }),
    }),
    spec: { ...spec, ...(cpu !== undefined && { targetCPUUtilizationPercentage: cpu.resource!.target!.averageUtilization }) },
    status: { currentReplicas: 0, ...status, ...(current !== undefined && { currentCPUUtilizationPercentage: current.resource!.current!.averageUtilization }) },
  } as KubeObject;
}

function carriedBy(object: KubeObject, annotation: string): unknown {
  try {
    return JSON.parse(object.metadata.annotations?.[annotation] ?? 'null');
  } catch {
    return null;
  }
}

/** What is stored of an autoscaler that came as autoscaling/v1. */
export function v2FromV1(object: KubeObject): KubeObject {
  const { targetCPUUtilizationPercentage: percent, ...spec } = (object.spec ?? {}) as { readonly targetCPUUtilizationPercentage?: number };
  const { currentCPUUtilizationPercentage: _current, ...status } = (object.status ?? {}) as Json;
  const others = carriedBy(object, metricsAnnotation) as readonly Metric[] | null;
  const behavior = carriedBy(object, behaviorAnnotation);
  const current = carriedBy(object, currentAnnotation);
  const conditions = carriedBy(object, conditionsAnnotation);
  const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: percent } } };
  const metrics = [...(percent === undefined ? [] : [cpu]), ...(others ?? [])];
  return {
    ...object, apiVersion: 'autoscaling/v2', metadata: withAnnotations(object, {}), spec: { ...spec, ...(metrics.length > 0 && { metrics }), ...(behavior !== null && { behavior }) },
    status: { ...status, currentMetrics: current, ...(conditions !== null && { conditions }) },
  } as KubeObject;
}
