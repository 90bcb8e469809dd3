import type { Namespace } from '../../../kubernetes/api/index.ts';
import { forbiddenError, notFoundError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { AdmissionPlugin } from './plugin.ts';

const missingNamespaceWaitUs = 50_000;

/** The namespaces that nobody may delete. */
export const immortalNamespaces: readonly string[] = ['default', 'kube-system', 'kube-public'];

/** Models staging/src/k8s.io/apiserver/pkg/admission/plugin/namespace/lifecycle/admission.go: nothing is created in a namespace that is missing or going. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  admit(object, { inflight: { served, request }, find }) {
    const namespace = request.namespace ?? '';
    if (!served.info.namespaced || namespace === '') return { object };
    const found = find('namespaces', '', namespace);
    if (found === undefined) return { lookUp: { resource: 'namespaces', namespace: '', name: namespace }, afterUs: missingNamespaceWaitUs };
    if (found === null) return { refuse: notFoundError({ group: '', resource: 'namespaces' }, namespace) };
    if ((found as Namespace).status?.phase !== 'Terminating') return { object };
    const refusal = forbiddenError(served.info, object.metadata.name ?? '', `unable to create new content in namespace ${namespace} because it is being terminated`);
    const causes = [{ reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' }];
    return { refuse: { ...refusal, details: { ...refusal.details, causes } } };
  },
};
