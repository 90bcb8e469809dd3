/** The objects that a policy's expressions know as `params`. Models staging/src/k8s.io/apiserver/pkg/admission/plugin/policy/generic/policy_dispatcher.go: CollectParams. */
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { compileLabelSelector } from '../../../kubernetes/apimachinery/label-selector.ts';
import type { Asked } from '../../../kubernetes/admission/policies/asked.ts';
import type { Binding, Policy } from '../../../kubernetes/admission/policies/policy.ts';
import type { AdmissionContext, LookUp } from './plugin.ts';

type Params = { readonly objects: readonly (KubeObject | null)[] } | { readonly error: string; readonly of: 'policy' | 'binding' } | LookUp;

/** Without a kind of parameters, or without a reference to one, the expressions are evaluated once, without. */
export function paramsOf({ spec: { paramKind } }: Policy, { spec: { paramRef } }: Binding, asked: Asked, context: AdmissionContext): Params {
  if (paramKind === undefined) return { objects: [null] };
  const { apiVersion = '', kind = '' } = paramKind;
  const served = context.kindAt(apiVersion, kind);
  if (served === undefined) return { error: `failed to find resource referenced by paramKind: '${apiVersion}, Kind=${kind}'`, of: 'policy' };
  if (paramRef === undefined) return { objects: [null] };
  const wrong = (error: string): Params => ({ error, of: 'binding' });
  const { namespaced } = served.info;
  if (!namespaced && (paramRef.namespace ?? '') !== '') return wrong('paramRef.namespace must not be provided for a cluster-scoped `paramKind`');
  const namespace = namespaced ? paramRef.namespace || asked.namespace : '';
  if (namespaced && namespace === '') return wrong('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources');
  const found = context.look(served, namespace, paramRef.name ?? '');
  if ('lookUp' in found) return found;
  const selector = paramRef.selector === undefined ? undefined : compileLabelSelector(paramRef.selector);
  const objects = found.objects.filter(({ metadata }) => selector === undefined || selector.matches(metadata.labels)).map((object) => served.view?.fromStored(object) ?? object);
  if (objects.length === 0 && paramRef.parameterNotFoundAction === 'Deny') return wrong('no params found for policy binding with `Deny` parameterNotFoundAction');
  return { objects };
}
