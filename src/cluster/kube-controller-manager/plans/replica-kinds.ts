/** The two kinds that keep a number of Pods: one controller's code serves both. Models pkg/controller/replication/{replication_controller,conversion}.go, which shows ReplicationControllers as ReplicaSets. */
import type { KubeObject, ReplicaSet, StringMap } from '../../../kubernetes/api/index.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';
import type { Followed, Listers } from '../controller.ts';

export interface ReplicaKind {
  readonly kind: string;
  readonly resource: Followed & { readonly namespaced: true };
  /** What its informer has, shown as ReplicaSets. */
  get(list: Listers, namespace: string, name: string): ReplicaSet | undefined;
  all(list: Listers): Iterable<ReplicaSet>;
  /** Those of the same owner. */
  siblings(list: Listers, owner: string): Iterable<ReplicaSet>;
  /** The object as it is stored. */
  stored(set: ReplicaSet): KubeObject;
}

export const replicaSetKind: ReplicaKind = {
  kind: 'ReplicaSet',
  resource: { group: 'apps', version: 'v1', resource: 'replicasets', namespaced: true },
  get: (list, namespace, name) => list('replicasets').get(namespace, name),
  all: (list) => list('replicasets').all(),
  siblings: (list, owner) => list('replicasets').byIndex('owner', owner),
  stored: (set) => set,
};

type ReplicationController = KubeObject & { readonly spec: { readonly selector?: StringMap } };
const shown = new WeakMap<object, ReplicaSet>();

function asSet(controller: ReplicationController): ReplicaSet {
  let set = shown.get(controller);
  if (set === undefined) shown.set(controller, set = { ...controller, spec: { ...controller.spec, selector: { matchLabels: controller.spec.selector ?? {} } } } as unknown as ReplicaSet);
  return set;
}

const controllersIn = (list: Listers): Lister<ReplicationController> => list('replicationcontrollers' as Parameters<Listers>[0]) as unknown as Lister<ReplicationController>;

export const replicationControllerKind: ReplicaKind = {
  kind: 'ReplicationController',
  resource: { group: '', version: 'v1', resource: 'replicationcontrollers', namespaced: true },
  get(list, namespace, name) {
    const controller = controllersIn(list).get(namespace, name);
    return controller === undefined ? undefined : asSet(controller);
  },
  all: (list) => Array.from(controllersIn(list).all(), asSet),
  siblings: () => [],
  stored: (set) => ({ ...set, spec: { ...set.spec, selector: set.spec.selector?.matchLabels } }) as unknown as KubeObject,
};
