/** From the kind in a manifest to the resource in a URL, by what the server says it serves. Models apimachinery/pkg/api/meta/restmapper.go over discovery. */
import { PMap } from '../../simulation/collections/index.ts';

export interface Mapping {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, as in the URL. */
  readonly resource: string;
  readonly namespaced: boolean;
}

/** `group/version/Kind` → how it is served. */
export type Mappings = PMap<string, Mapping>;

/** The two halves of an apiVersion; the core group is ''. */
export function splitApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

const keyOf = (group: string, version: string, kind: string): string => `${group}/${version}/${kind}`;

type Json = { readonly [key: string]: unknown };
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : []);
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Reads an aggregated discovery document (APIGroupDiscoveryList); resources without a kind of their own are left out. */
export function readDiscovery(body: unknown): Mappings {
  return PMap<string, Mapping>().withMutations((map) => {
    for (const item of listOf((body as Json | undefined)?.['items'])) {
      const group = text((item['metadata'] as Json | undefined)?.['name']);
      for (const version of listOf(item['versions'])) for (const resource of listOf(version['resources'])) {
        const kind = text((resource['responseKind'] as Json | undefined)?.['kind']);
        const name = text(version['version']);
        if (kind === '') continue;
        map.set(keyOf(group, name, kind), { group, version: name, kind, resource: text(resource['resource']), namespaced: resource['scope'] === 'Namespaced' });
      }
    }
  });
}

export function findMapping(mappings: Mappings, apiVersion: string, kind: string): Mapping | undefined {
  const { group, version } = splitApiVersion(apiVersion);
  return mappings.get(keyOf(group, version, kind));
}

/** `deployment.apps`: how kubectl names the kind of what it acted on. */
export function kindInLine({ group, kind }: Pick<Mapping, 'group' | 'kind'>): string {
  return group === '' ? kind.toLowerCase() : `${kind.toLowerCase()}.${group}`;
}

/** What errors say of an object. Models cli-runtime/pkg/resource/visitor.go: Info.String. */
export function describeTarget({ group, version, kind, resource }: Mapping, name: string, namespace: string): string {
  return `Resource: "${group}/${version}, Resource=${resource}", GroupVersionKind: "${group}/${version}, Kind=${kind}"\nName: "${name}", Namespace: "${namespace}"`;
}
