/** Who owns an object. Models staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/controller_ref.go. */
import type { KubeObject, OwnerReference, PartialObjectMeta } from '../api/meta-v1.ts';

/** The reference to the one owner that manages the object, if it has one. */
export function controllerOf(object: { readonly metadata: PartialObjectMeta }): OwnerReference | undefined {
  const references = object.metadata.ownerReferences;
  if (references === undefined) return undefined;
  for (let i = 0; i < references.length; i++) if (references[i]!.controller === true) return references[i];
  return undefined;
}

/** Whether the owner is the object's controller; names may be used again, so uids decide. */
export function isControlledBy(object: KubeObject, owner: KubeObject): boolean {
  const reference = controllerOf(object);
  return reference !== undefined && reference.uid === owner.metadata.uid;
}

/** The reference a controller writes into what it creates: controller and blocking deletion. */
export function newControllerReference(owner: KubeObject): OwnerReference {
  return {
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The group in an `apiVersion`: '' for `v1`. */
export function groupOf(apiVersion: string): string {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? '' : apiVersion.slice(0, slash);
}
