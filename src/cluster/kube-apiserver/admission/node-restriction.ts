import type { Pod } from '../../../kubernetes/api/index.ts';
import { forbiddenError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { AdmissionPlugin } from './plugin.ts';

const nodeUser = 'system:node:';

/** Models plugin/pkg/admission/noderestriction/admission.go, for creates: a kubelet makes only its own Node, and only mirror Pods on itself. */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  admit(object, { inflight: { request } }) {
    if (!request.user.startsWith(nodeUser)) return { object };
    const node = request.user.slice(nodeUser.length);
    const { name } = object.metadata;
    const refuse = (message: string) => ({ refuse: forbiddenError(request, name, message) });
    if (request.resource === 'nodes' && name !== node) return refuse(`node "${node}" is not allowed to modify node "${name}"`);
    if (request.resource !== 'pods' || request.subresource !== undefined) return { object };
    if (object.metadata.annotations?.['kubernetes.io/config.mirror'] === undefined) return refuse(`pod does not have "kubernetes.io/config.mirror" annotation, node "${node}" can only create mirror pods`);
    if ((object as Pod).spec.nodeName !== node) return refuse(`node "${node}" can only create pods with spec.nodeName set to itself`);
    return { object };
  },
};
