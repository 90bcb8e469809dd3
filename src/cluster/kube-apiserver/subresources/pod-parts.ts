/** Parts of a Pod that may change while it runs. Models pkg/registry/core/pod/strategy.go: podEphemeralContainersStrategy, podResizeStrategy. */
import type { Container, Pod } from '../../../kubernetes/api/index.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import { countGeneration, specChanged } from '../strategies/strategy.ts';
import type { Subresource } from './subresource.ts';

/** The Pod as it was, with another spec; of its metadata only what status writes may change. */
function withSpec(next: Pod, current: Pod, spec: Pod['spec']): Pod {
  const { labels, annotations, managedFields } = next.metadata;
  return { ...current, metadata: { ...current.metadata, labels, annotations, managedFields }, spec };
}

export const ephemeralContainers: Subresource = {
  verbs: ['get', 'update', 'patch'],
  prepare(next, current) {
    const pod = current as Pod;
    const { ephemeralContainers: wanted } = (next as Pod).spec;
    const { ephemeralContainers: _before, ...others } = pod.spec;
    const prepared = withSpec(next as Pod, pod, wanted === undefined ? others : { ...others, ephemeralContainers: wanted });
    return countGeneration(prepared, current, specChanged(prepared, current));
  },
  problems: (errors, next, current) => latePart('podParts').validateEphemeralContainersUpdate(errors, next as Pod, current as Pod),
};

/** What is not about sizes is as it was; where containers differ otherwise, validation is to find it. */
function resized(next: readonly Container[], old: readonly Container[]): readonly Container[] {
  if (next.some(({ name }, index) => name !== old[index]!.name)) return next;
  return old.map((before, index) => {
    const { resources, resizePolicy } = next[index]!;
    const { resources: _resources, resizePolicy: _policy, ...others } = before;
    return { ...others, ...(resources !== undefined && { resources }), ...(resizePolicy !== undefined && { resizePolicy }) };
  });
}

export const resize: Subresource = {
  verbs: ['get', 'update', 'patch'],
  prepare(next, current) {
    const [{ spec: given }, { spec: old }] = [next as Pod, current as Pod];
    const sameNumber = given.containers.length === old.containers.length && (given.initContainers ?? []).length === (old.initContainers ?? []).length;
    const spec = !sameNumber ? given
      : { ...old, containers: resized(given.containers, old.containers), ...(old.initContainers !== undefined && { initContainers: resized(given.initContainers!, old.initContainers) }) };
    const prepared = withSpec(next as Pod, current as Pod, spec);
    return countGeneration(prepared, current, specChanged(prepared, current));
  },
  problems: (errors, next, current) => latePart('podParts').validatePodResize(errors, next as Pod, current as Pod),
};
