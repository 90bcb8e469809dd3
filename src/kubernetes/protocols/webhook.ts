/**
 * The API server asks an admission webhook, or one that converts custom objects. `webhook.AdmissionReview` and `webhook.ConversionReview` are the HTTPS POST with
 * what the network has made of its address: the Pod behind the Service; `webhook.Dial` is the connection alone, which the client gives up before it posts anything; `webhook.Response` is what comes back.
 * Upstream it is an HTTP request that kube-proxy's rules lead to the Pod.
 */
export interface WebhookDial {
  /** Of the Pod that the connection ends in. */
  readonly podIp: string;
  readonly port: number;
}
export interface WebhookRequest extends WebhookDial {
  /** Without the query. */
  readonly path: string;
  /** An AdmissionReview of admission.k8s.io/v1 or a ConversionReview of apiextensions.k8s.io with its `request`. */
  readonly review: unknown;
}

/** The answer over HTTPS; or that the connection stands; or how it ended. */
export type WebhookResponse =
  | { readonly code: number; readonly body: unknown }
  | { readonly dialled: true }
  | { readonly broken: 'connection refused' | 'no TLS' | 'closed' };
