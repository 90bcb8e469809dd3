/** What to tell a reader whose manifest is right for a real cluster, though this one does not serve the kind yet. */
import { kindStanding } from '../../kubernetes/schema/index.ts';

/** What to tell a reader whose object is there, though nothing will come of it. */
export const keptHint = (apiVersion: string, kind: string): string | undefined => {
  switch (kindStanding(apiVersion, kind)) {
    case 'kept': return `${kind} (${apiVersion}) is stored and shown here, but nothing in this cluster acts on it yet.`;
    case 'unknown': return `${kind} (${apiVersion}) is a custom resource: it is stored and shown here, but no controller in this cluster acts on it.`;
    default: return undefined;
  }
};

export function hintOf(apiVersion: string, kind: string): string | undefined {
  return kindStanding(apiVersion, kind) === 'not-modelled' ? `${kind} (${apiVersion}) is a kind of Kubernetes 1.36, but this cluster does not model it yet.` : undefined;
}
