import { bytes, subtractQuantities } from '../../kubernetes/apimachinery/index.ts';

type Amounts = { readonly [resource: string]: string };
const byCapacity = new WeakMap<Amounts, Amounts>();

/** What Pods may use of a machine: the hard eviction thresholds (100Mi of memory, a tenth of the disk) stay free. Models pkg/kubelet/cm/node_container_manager.go. */
export function allocatable(capacity: Amounts): Amounts {
  const known = byCapacity.get(capacity);
  if (known !== undefined) return known;
  const left: { [resource: string]: string } = { ...capacity };
  if (capacity.memory !== undefined) left.memory = subtractQuantities(capacity.memory, '100Mi');
  if (capacity['ephemeral-storage'] !== undefined) left['ephemeral-storage'] = String(Math.floor(bytes(capacity['ephemeral-storage']) * 0.9));
  byCapacity.set(capacity, left);
  return left;
}
