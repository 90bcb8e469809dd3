import type { Namespace } from '../../../kubernetes/api/index.ts';
import { conflictError } from '../../../kubernetes/apimachinery/status-errors.ts';
import type { Subresource } from './subresource.ts';

/** Models pkg/registry/core/namespace/strategy.go: namespaceFinalizeStrategy. The last finalizer to go takes the namespace with it. */
export const finalize: Subresource = {
  verbs: ['update'],
  decide({ request, served }, current) {
    const body = request.body as Namespace;
    const version = body.metadata.resourceVersion ?? '';
    if (version !== '' && version !== current.metadata.resourceVersion) return { refuse: conflictError(served.info, current.metadata.name) };
    return { put: { ...current, spec: { ...(current as Namespace).spec, finalizers: body.spec?.finalizers ?? [] } } as Namespace };
  },
};
