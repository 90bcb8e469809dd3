/** What `kubectl apply` sends for one object. Models staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go, patcher.go and pkg/util/apply.go. */
import type { KubeObject } from '../../kubernetes/api/index.ts';
import { createThreeWayMergePatch, type PatchMetaOf } from '../../kubernetes/apimachinery/index.ts';
import { goJson } from '../../kubernetes/apimachinery/go-json.ts';

export const lastAppliedAnnotation = 'kubectl.kubernetes.io/last-applied-configuration';
export const fieldManager = 'kubectl-client-side-apply';

type Json = { readonly [key: string]: unknown };

/** The object as it is sent: with an annotation that holds the text of what the user wrote. Models GetModifiedConfiguration. */
export function withLastApplied(object: Json): KubeObject {
  const metadata = (object['metadata'] ?? {}) as Json;
  const { [lastAppliedAnnotation]: _old, ...annotations } = (metadata['annotations'] ?? {}) as Json;
  const written = { ...object, metadata: { ...metadata, annotations } };
  const text = `${goJson(written)}\n`;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [lastAppliedAnnotation]: text } } } as unknown as KubeObject;
}

/** What the live object says the user applied last, or undefined where it does not say. */
export function lastApplied(live: KubeObject): Json | undefined {
  const text = live.metadata.annotations?.[lastAppliedAnnotation];
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** The patch that brings the live object to what the user wrote, and removes what they no longer write; undefined if it changes nothing. */
export function planPatch(object: Json, live: KubeObject, metaOf: PatchMetaOf): Json | undefined {
  const patch = createThreeWayMergePatch(lastApplied(live), withLastApplied(object), live, metaOf);
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** What is said where the live object was not made by apply. */
export function missingAnnotationWarning(resource: string, name: string): string {
  return `Warning: resource ${resource}/${name} is missing the ${lastAppliedAnnotation} annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`;
}
