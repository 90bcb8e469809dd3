import type { Pod, PodCondition } from '../../../kubernetes/api/index.ts';
import { parseTime } from '../../../kubernetes/apimachinery/time.ts';
import type { SimTime } from '../../../simulation/process/process.ts';

/** Whether a Pod may still do its work. Models pkg/controller/controller_utils.go: IsPodActive. */
export function isPodActive(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined;
}

/** Whether a Pod is on its way out but still there. Models pkg/controller/controller_utils.go: IsPodTerminating. */
export function isPodTerminating(pod: Pod): boolean {
  const phase = pod.status?.phase;
  return phase !== 'Succeeded' && phase !== 'Failed' && pod.metadata.deletionTimestamp !== undefined;
}

export function readyCondition(pod: Pod): PodCondition | undefined {
  const conditions = pod.status?.conditions;
  if (conditions !== undefined) for (let i = 0; i < conditions.length; i++) if (conditions[i]!.type === 'Ready') return conditions[i];
  return undefined;
}

export const isPodReady = (pod: Pod): boolean => readyCondition(pod)?.status === 'True';

/** Whether a Pod has been ready for so long. Models pkg/api/v1/pod/util.go: IsPodAvailable. */
export function isPodAvailable(pod: Pod, minReadySeconds: number, nowUs: SimTime): boolean {
  const ready = readyCondition(pod);
  if (ready?.status !== 'True') return false;
  if (minReadySeconds === 0) return true;
  const sinceUs = parseTime(ready.lastTransitionTime);
  return sinceUs !== undefined && sinceUs + minReadySeconds * 1_000_000 <= nowUs;
}
