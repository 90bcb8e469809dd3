/** Health checks as messages: `health.get` of a path is answered by `health.answer`. Models staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go. */
export interface HealthGet { readonly path: '/readyz' }
/** `text` is the body of the HTTP answer: one line per check where one of them failed. */
export interface HealthAnswer { readonly code: 200 | 500; readonly text: string }
