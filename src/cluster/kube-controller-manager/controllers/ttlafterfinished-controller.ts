import { objectKey, splitObjectKey, type Status } from '../../../kubernetes/api/index.ts';
import type { Job } from '../../../kubernetes/api/batch-v1.ts';
import { parseTime } from '../../../kubernetes/apimachinery/time.ts';
import { defineCode, finished } from '../controller.ts';
import { finishedCondition, isFinished, jobsIn, jobsName, jobsResource } from '../plans/jobs/job-facts.ts';
import { read, remove } from '../requests.ts';

const isMeant = (job: Job): boolean => job.metadata.deletionTimestamp === undefined && job.spec.ttlSecondsAfterFinished !== undefined && isFinished(job);
const leftUs = (job: Job, nowUs: number): number => (parseTime(finishedCondition(job)!.lastTransitionTime) ?? 0) + job.spec.ttlSecondsAfterFinished! * 1_000_000 - nowUs;

/** Deletes Jobs so many seconds after they are over. Models pkg/controller/ttlafterfinished/ttlafterfinished_controller.go. */
export const ttlAfterFinishedController = defineCode<null, 'looking' | 'deleting'>({
  memory: () => null,
  react: ({ resource, type, object }) => (resource === jobsName && type !== 'deleted' && isMeant(object as unknown as Job) ? { keys: [objectKey(object)] } : undefined),
  sync({ key, list, nowUs, step, answers }) {
    const { namespace, name } = splitObjectKey(key);
    const [answer] = answers;
    if (answer !== undefined && !answer.ok) return answer.code === 404 ? finished : { error: (answer.body as Status | undefined)?.message ?? 'the server could not be reached' };
    if (step === 'deleting') return finished;
    const job = step === undefined ? jobsIn(list).get(namespace, name) : answer!.body as unknown as Job;
    if (job === undefined || !isMeant(job)) return finished;
    const waitUs = leftUs(job, nowUs);
    if (waitUs > 0) return { requeueAfterUs: waitUs };
    // The cache may be behind: what decides is the live object.
    if (step === undefined) return { requests: [read(jobsResource, namespace, name)], next: 'looking' };
    const options = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Foreground', preconditions: { uid: job.metadata.uid ?? '' } } as const;
    return { requests: [remove(jobsResource, namespace, name, options)], next: 'deleting', notes: [{ name: 'job', text: `Job ${key} was over ${job.spec.ttlSecondsAfterFinished} s ago: deleting it` }] };
  },
});
