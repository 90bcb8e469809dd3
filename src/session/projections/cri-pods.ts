import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { WatchFrame } from '../../kubernetes/protocols/api.ts';
import type { ListContainersRequest, RunPodSandboxRequest } from '../../kubernetes/protocols/cri.ts';
import type { MessageRecord, TraceRecord } from '../../simulation/recording/records.ts';

/** One Pod's worker does one thing after the other: so many lie between what began it and its last call. */
const longest = 40;

/**
 * Which Pod a call of the kubelet to the runtime is about, where that can be told: ids say nothing to a reader, so it is followed back
 * through that Pod's other calls to the sandbox that was asked for by its name, or to the change of the Pod that set it off.
 */
export function podOfCall(record: MessageRecord, find: (id: number) => TraceRecord | undefined): string | undefined {
  let at: TraceRecord | undefined = record;
  for (let step = 0; step < longest && at?.what === 'message'; step += 1) {
    const { type, body }: MessageRecord = at;
    if (type === 'cri.RunPodSandbox') return (body as RunPodSandboxRequest).metadata.name;
    if (type.startsWith('watch.')) {
      const { object } = body as WatchFrame;
      return object.kind === 'Pod' ? (object as KubeObject).metadata.name : undefined;
    }
    // What is asked of the whole machine belongs to no Pod, and what came of it may belong to any.
    if (!type.startsWith('cri.') || type === 'cri.ListPodSandbox' || type === 'cri.Status' || (type === 'cri.ListContainers' && (body as ListContainersRequest | undefined)?.podSandboxId === undefined)) return undefined;
    // An answer is about what was asked for.
    at = find(at.conversation === at.id ? at.causeId : at.conversation);
  }
  return undefined;
}
