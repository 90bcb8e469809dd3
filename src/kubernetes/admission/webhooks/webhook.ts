/** What is read of webhook configurations, and what travels. Models staging/src/k8s.io/api/{admissionregistration,admission}/v1/types.go. */
import type { KubeObject, LabelSelector, Status } from '../../api/index.ts';
import type { NamedExpression, Rule } from '../policies/policy.ts';

export interface ClientConfig {
  readonly url?: string;
  readonly service?: { readonly namespace?: string; readonly name?: string; readonly path?: string; readonly port?: number };
  readonly caBundle?: string;
}

export interface Webhook {
  readonly name: string;
  readonly clientConfig: ClientConfig;
  readonly rules?: readonly Rule[];
  readonly failurePolicy?: string;
  readonly matchPolicy?: string;
  readonly namespaceSelector?: LabelSelector;
  readonly objectSelector?: LabelSelector;
  readonly sideEffects?: string;
  readonly timeoutSeconds?: number;
  readonly admissionReviewVersions?: readonly string[];
  readonly matchConditions?: readonly NamedExpression[];
  /** Of a mutating one. */
  readonly reinvocationPolicy?: string;
}

export interface WebhookConfiguration extends KubeObject { readonly webhooks?: readonly Webhook[] }

/** An AdmissionReview's `response`, as it comes; whatever answers may send anything. */
export interface AdmissionResponse {
  readonly uid?: string;
  readonly allowed?: boolean;
  readonly status?: Partial<Status>;
  readonly patch?: string;
  readonly patchType?: string;
  readonly warnings?: readonly string[];
}
