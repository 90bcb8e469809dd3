/** CustomResourceDefinitions for tests, as upstream's crd.CreateTestCRD and fixtures make them. */
import type { Client } from './client.ts';
import type { Thing } from './things.ts';

export interface Defined {
  readonly group: string;
  readonly plural: string;
  readonly kind: string;
  readonly definition: Thing;
  /** Where its objects lie in the test's own namespace. */
  readonly path: string;
}
export type Version = { readonly name: string; readonly served?: boolean; readonly storage?: boolean; readonly schema?: object; readonly [field: string]: unknown };

export const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
export const allowsAll = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const isTrue = (object: Thing, type: string): boolean => (object.status as { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } | undefined)?.conditions?.some((one) => one.type === type && one.status === 'True') === true;

/** A definition that is not there yet. */
export function definition({ group, plural, kind }: { readonly group: string; readonly plural: string; readonly kind: string }, versions: readonly Version[], more: { readonly scope?: string; readonly [field: string]: unknown } = {}): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', metadata: { name: `${plural}.${group}` },
    spec: {
      group, scope: 'Namespaced', names: { plural, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
      versions: versions.map(({ schema = allowsAll, ...version }, i) => ({ served: true, storage: i === 0, ...version, schema: { openAPIV3Schema: schema } })), ...more,
    },
  };
}

/** Makes a definition and waits until its objects can be. */
export async function define(at: Client, versions: readonly Version[] = [{ name: 'v1' }], names: { readonly group?: string; readonly kind?: string } = {}, more: { readonly scope?: string; readonly conversion?: object } = {}): Promise<Defined> {
  const { group = `${at.namespace}.example.com`, kind = 'Foo' } = names;
  const plural = `${kind.toLowerCase()}s`;
  const made = await at.post(definitions, definition({ group, plural, kind }, versions, more));
  const established = await at.until(async () => {
    const now = await at.get(`${definitions}/${made.metadata.name}`);
    return isTrue(now, 'Established') && now;
  });
  const where = `${group}/${versions[0]!.name}`;
  const path = `${more.scope === 'Cluster' ? at.all(where) : at.in(where)}/${plural}`;
  await at.until(() => at.find(path));
  return { group, plural, kind, definition: established, path };
}

export const forget = (at: Client, { definition: { metadata: { name } } }: Defined): Promise<unknown> => at.delete(`${definitions}/${name}`);
