/** The request as expressions and webhooks see it. */
import type { KubeObject } from '../../api/index.ts';

export interface Asked {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';
  readonly group: string; readonly version: string; readonly resource: string; readonly subresource?: string; readonly namespaced: boolean;
  /** What is in the body, which for some parts of an object (a scale, a binding) is of a kind of its own. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  /** As which it was sent, where it is seen in another version. */
  readonly sentAs?: Pick<Asked, 'group' | 'version' | 'resource' | 'kind'>;
  readonly namespace: string; readonly name: string; readonly dryRun: boolean;
  readonly user: { readonly name: string; readonly uid?: string; readonly groups: readonly string[]; readonly extra?: object };
  readonly options: object;
  readonly object: KubeObject | null; readonly old: KubeObject | null; readonly namespaceObject: KubeObject | null;
}

/** `request` in expressions, and most of an AdmissionReview's. Models plugin/cel/condition.go: CreateAdmissionRequest, and plugin/webhook/request/admissionreview.go. */
export function requestOf(asked: Asked) {
  const { operation, group, version, resource, subresource = '', kind, name, namespace, user, dryRun, options, sentAs = asked } = asked;
  return {
    kind, resource: { group, version, resource }, subResource: subresource, requestKind: sentAs.kind, requestResource: { group: sentAs.group, version: sentAs.version, resource: sentAs.resource }, requestSubResource: subresource, name, namespace, operation,
    userInfo: { username: user.name, ...(user.uid === undefined ? {} : { uid: user.uid }), groups: user.groups, ...(user.extra === undefined ? {} : { extra: user.extra }) }, dryRun, options,
  };
}
