/** What a Job's policy says of a failed Pod. Models pkg/controller/job/pod_failure_policy.go. */
import type { ContainerStatus, Pod } from '../../../../kubernetes/api/index.ts';
import type { OnExitCodes, PodFailurePolicy } from '../../../../kubernetes/api/batch-v1.ts';

/** `counts`: towards the limits. `message`: why the Job fails, where it must. */
export interface Verdict { readonly counts: boolean; readonly action?: 'Ignore' | 'FailIndex' | 'Count' | 'FailJob'; readonly message?: string }

const counted: Verdict = { counts: true };

function matches(code: number, { operator, values = [] }: OnExitCodes): boolean {
  return operator === 'In' ? values.includes(code) : operator === 'NotIn' ? !values.includes(code) : false;
}

/** The first container that ended as the rule asks; one that ended well never does. */
function matchingContainer(pod: Pod, rule: OnExitCodes): ContainerStatus | undefined {
  return [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])].find(({ name, state }) => {
    const code = state?.terminated?.exitCode;
    return code !== undefined && code !== 0 && (rule.containerName === undefined || rule.containerName === name) && matches(code, rule);
  });
}

export function judge(policy: PodFailurePolicy | undefined, pod: Pod): Verdict {
  const { namespace, name } = pod.metadata;
  for (const [index, { action, onExitCodes, onPodConditions }] of (policy?.rules ?? []).entries()) {
    let message: string | undefined;
    if (onExitCodes !== undefined) {
      const container = matchingContainer(pod, onExitCodes);
      if (container !== undefined) message = `Container ${container.name} for pod ${namespace}/${name} failed with exit code ${container.state!.terminated!.exitCode} matching ${action} rule at index ${index}`;
    } else if (onPodConditions !== undefined) {
      const condition = pod.status?.conditions?.find((one) => onPodConditions.some(({ type, status = 'True' }) => type === one.type && status === one.status));
      if (condition !== undefined) message = `Pod ${namespace}/${name} has condition ${condition.type} matching ${action} rule at index ${index}`;
    }
    if (message === undefined) continue;
    switch (action) {
      case 'Ignore': return { counts: false, action };
      case 'FailIndex': case 'Count': return { counts: true, action };
      case 'FailJob': return { counts: true, action, message };
      default:
    }
  }
  return counted;
}
