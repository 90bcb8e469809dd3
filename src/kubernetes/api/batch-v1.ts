/** Jobs and CronJobs. Models staging/src/k8s.io/api/batch/v1/types.go. */
import type { PodTemplateSpec } from './core-v1-pod.ts';
import type { ObjectReference } from './core-v1.ts';
import type { ConditionStatus, LabelSelector, ObjectMeta, PartialObjectMeta, Time } from './meta-v1.ts';

export interface OnExitCodes { readonly containerName?: string; readonly operator?: string; readonly values?: readonly number[] }
export interface OnPodCondition { readonly type: string; readonly status?: string }
export interface PodFailurePolicyRule { readonly action?: string; readonly onExitCodes?: OnExitCodes; readonly onPodConditions?: readonly OnPodCondition[] }
export interface PodFailurePolicy { readonly rules?: readonly PodFailurePolicyRule[] }
export interface SuccessPolicyRule { readonly succeededIndexes?: string; readonly succeededCount?: number }
export interface SuccessPolicy { readonly rules?: readonly SuccessPolicyRule[] }

export interface JobSpec {
  readonly parallelism?: number; readonly completions?: number; readonly activeDeadlineSeconds?: number; readonly backoffLimit?: number; readonly backoffLimitPerIndex?: number;
  readonly maxFailedIndexes?: number; readonly ttlSecondsAfterFinished?: number; readonly completionMode?: string; readonly suspend?: boolean; readonly podReplacementPolicy?: string;
  readonly podFailurePolicy?: PodFailurePolicy; readonly successPolicy?: SuccessPolicy; readonly manualSelector?: boolean; readonly selector?: LabelSelector; readonly template: PodTemplateSpec; readonly managedBy?: string;
}
export type JobConditionType = 'Suspended' | 'Complete' | 'Failed' | 'FailureTarget' | 'SuccessCriteriaMet';
export interface JobCondition {
  readonly type: JobConditionType; readonly status: ConditionStatus; readonly lastProbeTime?: Time; readonly lastTransitionTime?: Time; readonly reason?: string; readonly message?: string;
}
/** Uids of Pods that have ended and are not counted yet. */
export interface UncountedPods { readonly succeeded?: readonly string[]; readonly failed?: readonly string[] }
export interface JobStatus {
  readonly conditions?: readonly JobCondition[]; readonly startTime?: Time; readonly completionTime?: Time; readonly active?: number; readonly succeeded?: number; readonly failed?: number;
  readonly terminating?: number; readonly ready?: number; readonly completedIndexes?: string; readonly failedIndexes?: string; readonly uncountedTerminatedPods?: UncountedPods;
}
/** Runs Pods until so many have succeeded. */
export interface Job { readonly apiVersion: 'batch/v1'; readonly kind: 'Job'; readonly metadata: ObjectMeta; readonly spec: JobSpec; readonly status?: JobStatus }

export interface JobTemplateSpec { readonly metadata?: PartialObjectMeta; readonly spec: JobSpec }
export interface CronJobSpec {
  readonly schedule?: string; readonly timeZone?: string | null; readonly startingDeadlineSeconds?: number; readonly concurrencyPolicy?: string; readonly suspend?: boolean;
  readonly successfulJobsHistoryLimit?: number; readonly failedJobsHistoryLimit?: number; readonly jobTemplate: JobTemplateSpec;
}
export interface CronJobStatus { readonly active?: readonly ObjectReference[]; readonly lastScheduleTime?: Time; readonly lastSuccessfulTime?: Time }
/** Makes a Job at each time of its schedule. */
export interface CronJob { readonly apiVersion: 'batch/v1'; readonly kind: 'CronJob'; readonly metadata: ObjectMeta; readonly spec: CronJobSpec; readonly status?: CronJobStatus }
