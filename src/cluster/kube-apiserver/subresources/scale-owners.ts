/** Who owns the number of replicas: of an object as of its Scale, and back. Models staging/src/k8s.io/apimachinery/pkg/util/managedfields/scalehandler.go. */
import type { ManagedFieldsEntry } from '../../../kubernetes/api/index.ts';
import { scaleKind } from '../applying.ts';
import { difference, inOrder, isEmpty, ownedBy, type Entries, type FieldSet } from '../../../kubernetes/structured-merge/index.ts';

const inScale = ['spec', 'replicas'];

/** The set of one field. */
const only = (path: readonly string[]): FieldSet => path.reduceRight<FieldSet>((below, name) => ({ [`f:${name}`]: below }), {});
const owns = (entry: ManagedFieldsEntry, path: readonly string[]): boolean => path.reduce<FieldSet | undefined>((set, name) => set?.[`f:${name}`], ownedBy(entry)) !== undefined;
/** Models managedfields/internal/managedfields.go: BuildManagerIdentifier. */
const identity = ({ manager, operation, apiVersion, subresource }: ManagedFieldsEntry): string => JSON.stringify([manager, operation, operation === 'Apply' ? '' : apiVersion, subresource]);

const groupOf = (apiVersion = ''): string => apiVersion.slice(0, apiVersion.lastIndexOf('/') + 1);

export class ScaleOwners {
  private readonly entries: Entries;
  private readonly apiVersion: string;
  private readonly path: readonly string[];

  constructor(entries: Entries, apiVersion: string, path: readonly string[]) {
    [this.entries, this.apiVersion, this.path] = [entries, apiVersion, path];
  }

  /** In a version of the object's own group; others are not known. */
  private knows({ apiVersion }: ManagedFieldsEntry): boolean { return groupOf(apiVersion) === groupOf(this.apiVersion); }

  toScale(): Entries {
    return this.entries.filter((entry) => this.knows(entry) && owns(entry, this.path)).map((entry) => ({ ...entry, apiVersion: scaleKind.apiVersion, fieldsV1: only(inScale) }));
  }

  /** Who updates is another manager in the Scale's version: of those only appliers keep what they own. What comes from the Scale has no time. */
  toParent(scale: Entries): Entries {
    const left = new Map(scale.map((entry) => [identity(entry), entry]));
    const found: ManagedFieldsEntry[] = [];
    for (const entry of new Map(this.entries.map((one) => [identity(one), one])).values()) {
      if (!this.knows(entry)) continue;
      if (!owns(entry, this.path) || left.delete(identity(entry))) found.push(entry);
      else {
        const rest = difference(ownedBy(entry), only(this.path));
        if (!isEmpty(rest)) found.push({ ...entry, fieldsV1: rest });
      }
    }
    for (const { time: _, ...entry } of left.values()) if (owns(entry, inScale)) found.push({ ...entry, apiVersion: this.apiVersion, fieldsV1: only(this.path) });
    return found.sort(inOrder);
  }
}
