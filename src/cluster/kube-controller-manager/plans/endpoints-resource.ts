/** Endpoints among the informers: followed only from the first on, see kube-apiserver/kinds-in-use.ts. */
import { resourceOfKind } from '../../../kubernetes/api/index.ts';
import type { Endpoints } from '../../../kubernetes/api/kept-specs.ts';
import type { Lister } from '../../../kubernetes/client-go/index.ts';
import type { Listers } from '../controller.ts';

export const endpointsResource = resourceOfKind('Endpoints', 'v1')!;

export const endpointsIn = (list: Listers): Lister<Endpoints> => list(endpointsResource.resource as Parameters<Listers>[0]) as unknown as Lister<Endpoints>;
