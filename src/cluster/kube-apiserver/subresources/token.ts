import type { KubeObject, ServiceAccount } from '../../../kubernetes/api/index.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';

interface TokenRequest { readonly spec?: { readonly audiences?: readonly string[]; readonly expirationSeconds?: number; readonly boundObjectRef?: unknown } }

/** Models pkg/registry/core/serviceaccount/storage/token.go: a token is made, answered and kept nowhere. Its text is readable here, not signed. */
export function issueToken(account: ServiceAccount, body: unknown, nowUs: number): KubeObject {
  const { spec } = (body ?? {}) as TokenRequest;
  const expirationSeconds = spec?.expirationSeconds ?? 3600;
  const { name, namespace } = account.metadata;
  return {
    apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest',
    metadata: { name, namespace, creationTimestamp: formatTime(nowUs) },
    spec: { audiences: spec?.audiences ?? ['https://kubernetes.default.svc.cluster.local'], expirationSeconds, boundObjectRef: spec?.boundObjectRef ?? null },
    status: { token: `token:${namespace}:${name}:${nowUs}`, expirationTimestamp: formatTime(nowUs + expirationSeconds * 1_000_000) },
  };
}
