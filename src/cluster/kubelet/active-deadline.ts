/** How long a Pod may be active on its node. Models pkg/kubelet/active_deadline.go. */
import type { Pod, PodStatus } from '../../kubernetes/api/index.ts';
import { parseTime } from '../../kubernetes/apimachinery/index.ts';

/** What an overdue Pod's status says. */
export const deadlineExceeded = { phase: 'Failed', reason: 'DeadlineExceeded', message: 'Pod was active on the node longer than the specified deadline' } as const;

/** When the Pod's time is over; undefined where it has no deadline or has not begun. */
export function deadlineUs({ spec }: Pod, status: PodStatus | undefined): number | undefined {
  const begun = status?.startTime === undefined ? undefined : parseTime(status.startTime);
  return spec.activeDeadlineSeconds === undefined || begun === undefined ? undefined : begun + spec.activeDeadlineSeconds * 1_000_000;
}
