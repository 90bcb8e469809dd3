import { objectKey, type KubeObject } from '../../kubernetes/api/index.ts';
import type { Informer } from '../../kubernetes/client-go/client-state.ts';
import { parseFieldSelector } from '../../kubernetes/apimachinery/field-selector.ts';
import { parseLabelSelector } from '../../kubernetes/apimachinery/label-selector.ts';
import { kindsInUse } from '../../kubernetes/protocols/api.ts';
import { clientsOf, storedRows } from '../cluster-view.ts';
import type { World } from '../../simulation/world.ts';
import type { Checker } from './checker.ts';

/** When nothing happens any more, every informer of every running component that is not cut off holds just what etcd holds. */
export const watchersAgreeWithEtcd: Checker = {
  name: 'watchers-agree-with-etcd',
  begin: (world) => ({
    atEnd() {
      for (const { address, host, running, snapshot } of world.processes()) {
        if (!running || world.isCutOff(host)) continue;
        if (standsBy(snapshot?.state)) continue;
        for (const client of clientsOf(snapshot?.state)) for (const informer of client.informers) {
          const problem = difference(world, address, informer);
          if (problem !== undefined) return problem;
        }
      }
      return undefined;
    },
  }),
};

/** Another candidate has the lease: what does not lead need not watch. */
const standsBy = (state: unknown): boolean => (state as { readonly election?: { readonly leading: boolean } } | undefined)?.election?.leading === false;

function difference(world: World, address: string, informer: Informer): string | undefined {
  const { spec, store, phase } = informer;
  // Nothing that is stored: which kinds there are objects of.
  if (spec.resource === kindsInUse.resource) return undefined;
  if (phase !== 'watching') return `${address} does not watch ${spec.resource}: it is ${phase}`;
  const fields = parseFieldSelector(spec.fieldSelector ?? '');
  const labels = parseLabelSelector(spec.labelSelector ?? '');
  const wanted = new Map<string, number>();
  for (const { value, modRevision } of storedRows(world, spec.resource)) {
    const object = value as KubeObject;
    const inNamespace = spec.namespace === undefined || object.metadata.namespace === spec.namespace;
    if (inNamespace && fields.matches(object) && labels.matches(object.metadata.labels ?? {})) wanted.set(objectKey(object), modRevision);
  }
  for (const [key, object] of store.objects) {
    const revision = wanted.get(key);
    if (revision === undefined) return `${address} still knows ${spec.resource} ${key}, which etcd does not have`;
    if (String(revision) !== object.metadata.resourceVersion) return `${address} knows ${spec.resource} ${key} at ${object.metadata.resourceVersion}, etcd has ${revision}`;
    wanted.delete(key);
  }
  const [missed] = wanted.keys();
  return missed === undefined ? undefined : `${address} has not heard of ${spec.resource} ${missed}`;
}
