/** What to tell a reader whose manifest is right for a real cluster, though this one does not serve the kind yet. */
import { kindStanding } from '../../kubernetes/schema/index.ts';

export function hintOf(apiVersion: string, kind: string): string | undefined {
  return kindStanding(apiVersion, kind) === 'not-modelled' ? `${kind} (${apiVersion}) is a kind of Kubernetes 1.36, but this cluster does not model it yet.` : undefined;
}
