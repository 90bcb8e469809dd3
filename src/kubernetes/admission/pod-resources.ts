/** What a Pod asks for in all. Models staging/src/k8s.io/component-helpers/resource/helpers.go: PodRequests, PodLimits. */
import type { Container, PodSpec, ResourceList } from '../api/index.ts';
import { addQuantities, compareQuantities } from '../apimachinery/quantity.ts';

type Amounts = Record<string, string>;
type Which = 'requests' | 'limits';

export function addInto(total: Amounts, more: ResourceList | undefined): Amounts {
  for (const [name, amount] of Object.entries(more ?? {})) total[name] = total[name] === undefined ? amount : addQuantities(total[name], amount);
  return total;
}

function raiseTo(total: Amounts, atLeast: ResourceList): void {
  for (const [name, amount] of Object.entries(atLeast)) if (total[name] === undefined || compareQuantities(amount, total[name]) > 0) total[name] = amount;
}

/** Containers together; or, where it is more, one init container beside the sidecars started before it; what is said of the Pod as a whole comes before both. */
export function podResources(spec: PodSpec, which: Which, overhead = true): ResourceList {
  const total: Amounts = {};
  for (const { resources } of spec.containers) addInto(total, resources?.[which]);
  const sidecars: Amounts = {};
  const starting: Amounts = {};
  for (const { resources, restartPolicy } of (spec.initContainers ?? []) as readonly Container[]) {
    if (restartPolicy === 'Always') {
      addInto(total, resources?.[which]);
      addInto(sidecars, resources?.[which]);
      raiseTo(starting, sidecars);
    } else raiseTo(starting, addInto({ ...sidecars }, resources?.[which]));
  }
  raiseTo(total, starting);
  Object.assign(total, spec.resources?.[which]);
  if (overhead && spec.overhead !== undefined) {
    for (const [name, amount] of Object.entries(spec.overhead)) if (which === 'requests' || total[name] !== undefined) addInto(total, { [name]: amount });
  }
  return total;
}
