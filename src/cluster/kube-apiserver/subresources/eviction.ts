import type { DeleteOptions } from '../../../kubernetes/api/index.ts';
import { successStatus } from '../../../kubernetes/apimachinery/status-errors.ts';
import { planDelete } from '../deletion.ts';
import type { Subresource } from './subresource.ts';

/** Models pkg/registry/core/pod/storage/eviction.go, where no disruption budget stands in the way. */
export const eviction: Subresource = {
  verbs: ['create'],
  decide({ request, served }, current, { env }) {
    const { deleteOptions } = (request.body ?? {}) as { readonly deleteOptions?: DeleteOptions };
    return planDelete(served, current, deleteOptions ?? {}, env.nowUs);
  },
  answer: () => ({ ...successStatus(), code: 201 }),
};
