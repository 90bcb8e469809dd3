/** The rules of the kinds that only manifests bring; where there are no others, those of metadata. */
import { servedResources } from '../served-resources.ts';
import type { KubeObject } from '../meta-v1.ts';
import type { Rules } from './index.ts';
import { subdomainName, validateMetadata, validateMetadataUpdate, type NameRule } from './metadata.ts';

const metadataOnly = (namespaced: boolean, nameRule: NameRule): Rules<KubeObject> => ({
  create: (errors, { metadata }) => validateMetadata(errors, metadata, namespaced, nameRule),
  update: (errors, { metadata }, old) => validateMetadataUpdate(errors, metadata, old.metadata),
});

/** Names that are only a part of a path. Models apimachinery/pkg/api/validation/path/name.go: IsValidPathSegmentName. */
const pathSegment: NameRule = (name) => {
  if (name === '.' || name === '..') return [`may not be '${name}'`];
  return ['/', '%'].filter((part) => name.includes(part)).map((part) => `may not contain '${part}'`);
};

const nameRules: { readonly [kind: string]: NameRule | undefined } = { Role: pathSegment, RoleBinding: pathSegment, ClusterRole: pathSegment, ClusterRoleBinding: pathSegment };

const others = servedResources.filter(({ actedOn, kind }) => !actedOn || kind === 'PriorityClass').map(({ kind, namespaced }) => [kind, metadataOnly(namespaced, nameRules[kind] ?? subdomainName)] as const);

export const keptRules: Readonly<Record<string, Rules<never>>> = Object.fromEntries(others);
