/** What the API server says that it serves, for controllers that act on kinds they do not know. Models client-go/discovery: ServerPreferredResources. */
import type { DiscoveredResource, DiscoveryDocument } from '../../kubernetes/protocols/api.ts';
import type { Answer, ControllerRequest } from './controller.ts';

export interface DiscoveredKind { readonly group: string; readonly version: string; readonly kind: string; readonly resource: string; readonly namespaced: boolean; readonly verbs: readonly string[] }

export const discover: ControllerRequest = { verb: 'discover', group: '', version: '', resource: '' };

const known = new WeakMap<object, readonly DiscoveredKind[]>();

/** Each kind once, in the version to be preferred; Events are those of the core group. */
export function discoveredKinds({ body }: Answer): readonly DiscoveredKind[] {
  const document = body as unknown as DiscoveryDocument;
  let kinds = known.get(document);
  if (kinds === undefined) known.set(document, kinds = document.items.filter(({ metadata }) => metadata.name !== 'events.k8s.io').flatMap(kindsOfGroup));
  return kinds;
}

function kindsOfGroup({ versions }: DiscoveryDocument['items'][number]): readonly DiscoveredKind[] {
  const seen = new Set<string>();
  return versions.flatMap(({ resources }) => resources.filter(({ responseKind: { kind }, resource }) => {
    const fresh = !seen.has(`${kind} ${resource}`);
    seen.add(`${kind} ${resource}`);
    return fresh;
  }).map(kindOf));
}

const kindOf = ({ responseKind, resource, scope, verbs }: DiscoveredResource): DiscoveredKind => ({ ...responseKind, resource, namespaced: scope === 'Namespaced', verbs });
