/** Models staging/src/k8s.io/component-helpers/scheduling/corev1/helpers.go and api/core/v1/toleration.go. */
import type { Taint, Toleration } from '../../kubernetes/api/index.ts';

/** Whether this toleration covers this taint: an empty key with Exists covers all, an empty effect covers each. */
function covers(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== taint.effect) return false;
  if (toleration.key !== undefined && toleration.key !== '' && toleration.key !== taint.key) return false;
  if (toleration.operator === 'Exists') return true;
  if (toleration.operator !== undefined && toleration.operator !== 'Equal') return false;
  return (toleration.key ?? '') === taint.key && (toleration.value ?? '') === (taint.value ?? '');
}

/** Whether any of the tolerations covers the taint. */
export function tolerates(tolerations: readonly Toleration[] | undefined, taint: Taint): boolean {
  if (tolerations === undefined) return false;
  for (let i = 0; i < tolerations.length; i++) if (covers(tolerations[i]!, taint)) return true;
  return false;
}

/** The first taint that keeps the Pod away (NoSchedule or NoExecute) and that it does not tolerate. */
export function untoleratedTaint(tolerations: readonly Toleration[] | undefined, taints: readonly Taint[] | undefined): Taint | undefined {
  if (taints === undefined) return undefined;
  for (let i = 0; i < taints.length; i++) {
    const taint = taints[i]!;
    if (taint.effect !== 'PreferNoSchedule' && !tolerates(tolerations, taint)) return taint;
  }
  return undefined;
}
