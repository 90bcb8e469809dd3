/** A Job's Pod as its template stamps it. Models manageJob's part of pkg/controller/job/job_controller.go and indexed_job_utils.go. */
import type { Container, EnvVar, Pod, PodTemplateSpec, StringMap } from '../../../../kubernetes/api/index.ts';
import type { Job } from '../../../../kubernetes/api/batch-v1.ts';
import { newControllerReference } from '../../../../kubernetes/apimachinery/owner-references.ts';
import { judge } from './failure-policy.ts';
import { limitsPerIndex } from './job-facts.ts';
import { failureCount, failureCountAnnotation, ignoredFailureCount, ignoredFailureCountAnnotation, indexAnnotation, trackingFinalizer } from './job-pods.ts';

const indexVariable: EnvVar = { name: 'JOB_COMPLETION_INDEX', valueFrom: { fieldRef: { fieldPath: `metadata.labels['${indexAnnotation}']` } } };
const withVariable = (container: Container): Container => ((container.env ?? []).some(({ name }) => name === indexVariable.name) ? container : { ...container, env: [...(container.env ?? []), indexVariable] });

/** The longest that a name may be before five random characters. Models apiserver/pkg/storage/names: MaxGeneratedNameLength. */
const longestPrefix = 58;

function prefixOf(job: Job, index: number | undefined): string {
  const { name } = job.metadata;
  if (index === undefined) return `${name}-`;
  const end = `-${index}-`;
  return `${name.slice(0, longestPrefix - end.length)}${end}`;
}

/** How often its index has failed. `failed`: the Pod in whose place it comes. Models getNewIndexFailureCounts. */
function failureCounts(job: Job, failed: Pod | undefined): StringMap {
  if (!limitsPerIndex(job)) return {};
  const counts = failed !== undefined && judge(job.spec.podFailurePolicy, failed).counts;
  const ignored = failed === undefined ? 0 : ignoredFailureCount(failed) + (counts ? 0 : 1);
  return { [failureCountAnnotation]: String(failed === undefined ? 0 : failureCount(failed) + (counts ? 1 : 0)), ...(ignored === 0 ? {} : { [ignoredFailureCountAnnotation]: String(ignored) }) };
}

export function podFor(job: Job, index: number | undefined, failed: Pod | undefined) {
  const { metadata = {}, spec }: PodTemplateSpec = job.spec.template;
  const finalizers = metadata.finalizers ?? [];
  const [labels, annotations] = index === undefined ? [metadata.labels, metadata.annotations]
    : [{ ...metadata.labels, [indexAnnotation]: String(index) }, { ...metadata.annotations, [indexAnnotation]: String(index), ...failureCounts(job, failed) }];
  return {
    apiVersion: 'v1', kind: 'Pod',
    metadata: {
      generateName: prefixOf(job, index), ...(labels === undefined ? {} : { labels }), ...(annotations === undefined ? {} : { annotations }),
      finalizers: finalizers.includes(trackingFinalizer) ? finalizers : [...finalizers, trackingFinalizer], ownerReferences: [newControllerReference(job)],
    },
    spec: index === undefined ? spec : {
      ...spec, ...(spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withVariable) }), containers: spec.containers.map(withVariable), hostname: `${job.metadata.name}-${index}`,
    },
  };
}
