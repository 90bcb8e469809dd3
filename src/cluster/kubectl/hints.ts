/** What to tell a reader whose manifest is right for a real cluster, though this one does not serve the kind yet. */
import { kindTable } from '../../kubernetes/schema/schema.gen.ts';

let realKinds: ReadonlySet<string> | undefined;

function readKinds(): ReadonlySet<string> {
  const kinds = new Set<string>();
  for (const line of kindTable.trim().split('\n')) {
    const [apiVersion, ...names] = line.split(' ');
    for (const name of names) kinds.add(`${apiVersion} ${name}`);
  }
  return kinds;
}

export function hintOf(apiVersion: string, kind: string): string | undefined {
  realKinds ??= readKinds();
  return realKinds.has(`${apiVersion} ${kind}`) ? `${kind} (${apiVersion}) is a kind of Kubernetes 1.36, but this cluster does not model it yet.` : undefined;
}
