import type { Namespace } from '../../../kubernetes/api/index.ts';
import { defineController, finished } from '../controller.ts';
import { create } from '../requests.ts';

/** Each namespace has a ServiceAccount `default`; Pods are refused until it is there. Models pkg/controller/serviceaccount/serviceaccounts_controller.go. */
export const serviceAccountController = defineController<null, true>({
  name: 'serviceaccount-controller',
  serviceAccount: 'service-account-controller',
  component: 'serviceaccount-controller',
  resources: ['namespaces', 'serviceaccounts'],
  concurrency: 1,
  memory: () => null,
  react(news) {
    if (news.resource === 'namespaces') return news.type === 'deleted' ? undefined : { keys: [news.object.metadata.name] };
    return news.type === 'deleted' ? { keys: [news.object.metadata.namespace ?? ''] } : undefined;
  },
  sync({ key, list, step, answers }) {
    if (step !== undefined) return answers[0]!.ok || answers[0]!.code === 409 || answers[0]!.code === 404 ? finished : { error: 'could not create the ServiceAccount default' };
    const namespace: Namespace | undefined = list('namespaces').get('', key);
    if (namespace === undefined || namespace.status?.phase === 'Terminating' || list('serviceaccounts').get(key, 'default') !== undefined) return finished;
    return { requests: [create('serviceaccounts', key, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: key } })], next: true };
  },
});
