import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { newControllerReference } from '../../../kubernetes/apimachinery/owner-references.ts';

/** The patch that makes `owner` the controller of an orphan. Models pkg/controller/controller_ref_manager.go: ownerRefControllerPatch. */
export const adoptionPatch = (orphan: KubeObject, owner: KubeObject): unknown =>
  ({ metadata: { ownerReferences: [newControllerReference(owner)], uid: orphan.metadata.uid } });

/** The patch that lets an object go whose labels no longer match. Models pkg/controller/controller_ref_manager.go: GenerateDeleteOwnerRefStrategicMergeBytes. */
export const releasePatch = (stray: KubeObject, owner: KubeObject): unknown =>
  ({ metadata: { uid: stray.metadata.uid, ownerReferences: [{ $patch: 'delete', uid: owner.metadata.uid }] } });
