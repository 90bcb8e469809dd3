/** What a Job says of itself, and who it is among the informers. Models pkg/controller/job/util/utils.go and small functions of job_controller.go. */
import { groupResource } from '../../../../kubernetes/api/index.ts';
import type { Job, JobCondition, JobConditionType } from '../../../../kubernetes/api/batch-v1.ts';
import { formatTime } from '../../../../kubernetes/apimachinery/time.ts';
import type { Lister } from '../../../../kubernetes/client-go/index.ts';
import type { SimTime } from '../../../../simulation/process/process.ts';
import type { Listers } from '../../controller.ts';

export const jobsResource = { group: 'batch', version: 'v1', resource: 'jobs', namespaced: true } as const;
/** Jobs among the informers: followed only from the first on, see kube-apiserver/kinds-in-use.ts. */
export const jobsName = groupResource(jobsResource);
export const jobsIn = (list: Listers): Lister<Job> => list(jobsName as Parameters<Listers>[0]) as unknown as Lister<Job>;

export const isTrue = (conditions: readonly JobCondition[] | undefined, type: JobConditionType): boolean => conditions?.some((one) => one.type === type && one.status === 'True') ?? false;
export const finishedCondition = (job: Job): JobCondition | undefined => job.status?.conditions?.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
export const isFinished = (job: Job): boolean => finishedCondition(job) !== undefined;
export const isSuspended = (job: Job): boolean => job.spec.suspend === true;
export const isIndexed = (job: Job): boolean => job.spec.completionMode === 'Indexed';
export const limitsPerIndex = (job: Job): boolean => job.spec.backoffLimitPerIndex !== undefined;
/** Replacements wait until a Pod has really ended. Models onlyReplaceFailedPods. */
export const replacesOnlyFailed = (job: Job): boolean => job.spec.podReplacementPolicy === 'Failed' || job.spec.podFailurePolicy !== undefined;
/** Another controller is responsible. Models managedByExternalController. */
export const isManagedElsewhere = (job: Job): boolean => job.spec.managedBy !== undefined && job.spec.managedBy !== 'kubernetes.io/job-controller';

export function newCondition(type: JobConditionType, status: 'True' | 'False', reason: string, message: string, nowUs: SimTime): JobCondition {
  const now = formatTime(nowUs);
  return { type, status, lastProbeTime: now, lastTransitionTime: now, reason, message };
}

/** The conditions with this one changed; the same list where it was so already. One that is not there is not added as False. Models ensureJobConditionStatus. */
export function withCondition(conditions: readonly JobCondition[], wanted: JobCondition): readonly JobCondition[] {
  const known = conditions.find(({ type }) => type === wanted.type);
  if (known === undefined) return wanted.status === 'False' ? conditions : [...conditions, wanted];
  return known.status === wanted.status && known.reason === wanted.reason && known.message === wanted.message ? conditions : conditions.map((one) => (one === known ? wanted : one));
}
