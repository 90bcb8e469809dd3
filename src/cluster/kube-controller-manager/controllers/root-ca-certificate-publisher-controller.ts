import type { ConfigMap, Namespace } from '../../../kubernetes/api/index.ts';
import { defineController, finished } from '../controller.ts';
import { create, update } from '../requests.ts';

const name = 'kube-root-ca.crt';
/** Stands for the cluster's certificate authority; nothing here does TLS. */
const data = { 'ca.crt': '-----BEGIN CERTIFICATE-----\nMODEL\n-----END CERTIFICATE-----\n' };
const description = 'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. '
  + 'No other usage is guaranteed across distributions of Kubernetes clusters.';

/** Each namespace has a ConfigMap with the certificate every Pod mounts. Models pkg/controller/certificates/rootcacertpublisher/publisher.go. */
export const rootCaCertificatePublisherController = defineController<null, true>({
  name: 'root-ca-certificate-publisher-controller',
  serviceAccount: 'root-ca-cert-publisher',
  component: 'root-ca-cert-publisher',
  resources: ['namespaces', 'configmaps'],
  concurrency: 1,
  memory: () => null,
  react(news) {
    if (news.resource === 'namespaces') return news.type === 'deleted' ? undefined : { keys: [news.object.metadata.name] };
    return news.object.metadata.name === name && news.type !== 'added' ? { keys: [news.object.metadata.namespace ?? ''] } : undefined;
  },
  sync({ key, list, step, answers }) {
    if (step !== undefined) return answers[0]!.ok || answers[0]!.code === 409 || answers[0]!.code === 404 ? finished : { error: `could not write ConfigMap ${key}/${name}` };
    const namespace: Namespace | undefined = list('namespaces').get('', key);
    if (namespace === undefined || namespace.status?.phase === 'Terminating') return finished;
    const known: ConfigMap | undefined = list('configmaps').get(key, name);
    if (known === undefined) {
      const metadata = { name, namespace: key, annotations: { 'kubernetes.io/description': description } };
      return { requests: [create('configmaps', key, { apiVersion: 'v1', kind: 'ConfigMap', metadata, data } as ConfigMap)], next: true };
    }
    if (known.data?.['ca.crt'] === data['ca.crt'] && Object.keys(known.data).length === 1) return finished;
    return { requests: [update({ ...known, data } as ConfigMap)], next: true };
  },
});
