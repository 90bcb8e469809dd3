/** A controller works on an object only once its caches show what it wrote for it before. Models pkg/controller/util/consistency/consistency.go. */
import { groupResource, type KubeObject } from '../../../kubernetes/api/index.ts';
import type { PMap } from '../../../simulation/collections/index.ts';
import type { Answer, ControllerRequest, Listers } from '../controller.ts';

/** The newest version written of each resource, by its name among the informers, for the owner of this uid. */
export interface Written { readonly uid: string; readonly versions: Readonly<Record<string, number>> }

const writes = new Set(['create', 'update', 'patch']);
/** Of these nobody keeps account. */
const unaccounted = new Set(['controllerrevisions.apps']);

export function wroteAt(all: PMap<string, Written>, key: string, uid: string, asks: readonly ControllerRequest[], answers: readonly Answer[]): PMap<string, Written> {
  const known = all.get(key);
  const versions: Record<string, number> = known?.uid === uid ? { ...known.versions } : {};
  let changed = false;
  asks.forEach((asked, index) => {
    const answer = answers[index];
    const name = groupResource(asked);
    if (answer?.ok !== true || !writes.has(asked.verb) || unaccounted.has(name)) return;
    const version = Number((answer.body as KubeObject).metadata.resourceVersion);
    if (version <= (versions[name] ?? 0)) return;
    versions[name] = version;
    changed = true;
  });
  return changed ? all.set(key, { uid, versions }) : all;
}

/** What is wrong with the caches, in upstream's words. */
export function ensureReady(written: Written | undefined, list: Listers): string | undefined {
  for (const [name, version] of Object.entries(written?.versions ?? {})) {
    const { resourceVersion } = list(name as Parameters<Listers>[0]);
    if (version > Number(resourceVersion)) return `read version: ${resourceVersion} is not as new as written version: ${version} for group resource ${name}`;
  }
  return undefined;
}
