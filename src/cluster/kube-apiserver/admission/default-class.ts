import type { KubeObject, StringMap } from '../../../kubernetes/api/index.ts';
import { servedAs } from '../served.ts';
import type { Admission, AdmissionContext, AdmissionPlugin } from './plugin.ts';

const isDefault = (annotations: readonly string[]) => ({ metadata }: KubeObject): boolean => annotations.some((annotation) => metadata.annotations?.[annotation] === 'true');

/** The newest of the classes that are marked as the default; of those made at once the first by name. */
function newestDefault(classes: readonly KubeObject[], annotations: readonly string[]): KubeObject | undefined {
  const time = ({ metadata }: KubeObject): string => metadata.creationTimestamp ?? '';
  return classes.filter(isDefault(annotations)).sort((a, b) => (time(a) === time(b) ? (a.metadata.name < b.metadata.name ? -1 : 1) : time(a) < time(b) ? 1 : -1))[0];
}

/** Gives an object that names no class the default one, which is looked up when such an object comes. */
function withClass(object: KubeObject, field: string, classes: string, annotations: readonly string[], { look }: AdmissionContext): Admission {
  const found = look(servedAs(classes), '', '');
  if ('lookUp' in found) return found;
  const chosen = newestDefault(found.objects, annotations);
  return { object: chosen === undefined ? object : { ...object, spec: { ...object.spec as object, [field]: chosen.metadata.name } } as KubeObject };
}

const names = (annotations: StringMap | undefined, ...keys: readonly string[]): boolean => keys.some((key) => annotations?.[key] !== undefined);

/** Models plugin/pkg/admission/storage/storageclass/setdefault/admission.go. */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  resources: ['persistentvolumeclaims'],
  admit(object, context) {
    const named = (object.spec as { readonly storageClassName?: string } | undefined)?.storageClassName !== undefined || names(object.metadata.annotations, 'volume.beta.kubernetes.io/storage-class');
    return named ? { object } : withClass(object, 'storageClassName', 'storageclasses.storage.k8s.io', ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class'], context);
  },
};

/** Models plugin/pkg/admission/network/defaultingressclass/admission.go. */
export const defaultIngressClass: AdmissionPlugin = {
  name: 'DefaultIngressClass',
  resources: ['ingresses.networking.k8s.io'],
  admit(object, context) {
    const named = (object.spec as { readonly ingressClassName?: string } | undefined)?.ingressClassName !== undefined || names(object.metadata.annotations, 'kubernetes.io/ingress.class');
    return named ? { object } : withClass(object, 'ingressClassName', 'ingressclasses.networking.k8s.io', ['ingressclass.kubernetes.io/is-default-class'], context);
  },
};
