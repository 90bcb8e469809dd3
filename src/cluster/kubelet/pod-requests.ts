import type { Container, Pod } from '../../kubernetes/api/index.ts';
import { bytes, cpuMillis } from '../../kubernetes/apimachinery/index.ts';

export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always';

/** A container of the Pod, of whatever sort. */
export const containerNamed = ({ spec }: Pod, name: string): Container | undefined =>
  [spec.containers, spec.initContainers, spec.ephemeralContainers].reduce<Container | undefined>((found, list) => found ?? list?.find((one) => one.name === name), undefined);

/** Thousandths of a CPU, and bytes. */
export interface Requests { readonly cpu: number; readonly memory: number; readonly storage: number }

const requestsBySpec = new WeakMap<object, Requests>();

/** What a Pod asks for: the sum of its containers, or its largest init container, plus overhead. */
export function requestsOf({ spec }: Pod): Requests {
  const known = requestsBySpec.get(spec);
  if (known !== undefined) return known;
  const of = (resource: string, amount: (text: string | undefined) => number): number => {
    let sum = amount(spec.overhead?.[resource]);
    for (const { resources } of spec.containers) sum += amount(resources?.requests?.[resource]);
    let sidecars = 0;
    let largest = 0;
    for (const container of spec.initContainers ?? []) {
      const own = amount(container.resources?.requests?.[resource]);
      if (isSidecar(container)) sidecars += own;
      largest = Math.max(largest, sidecars + (isSidecar(container) ? 0 : own));
    }
    return Math.max(sum + sidecars, largest);
  };
  const requests = { cpu: of('cpu', cpuMillis), memory: of('memory', bytes), storage: of('ephemeral-storage', bytes) };
  requestsBySpec.set(spec, requests);
  return requests;
}
