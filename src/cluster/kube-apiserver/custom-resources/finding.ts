/** Custom kinds as this server serves them, made of the definitions in its watch cache. Models apiextensions-apiserver/pkg/apiserver/customresource_handler.go: ServeHTTP. */
import type { CustomKind } from '../../../kubernetes/apiextensions/custom-kind.ts';
import type { Definition } from '../../../kubernetes/apiextensions/definition.ts';
import type { KubeObject } from '../../../kubernetes/api/index.ts';
import { latePart } from '../../../kubernetes/late-parts.ts';
import type { ApiRequest } from '../../../kubernetes/protocols/api.ts';
import { definitionsKey, type Served } from '../served.ts';
import { cached, type ApiServerState } from '../state.ts';

const made = new WeakMap<CustomKind, Served>();

/** It is converted where etcd begins. */
const asItIs = (object: KubeObject): KubeObject => object;

/** How a definition's kind is served in a version. */
export function servedIn(definition: Definition, version: string): Served | undefined {
  const custom = latePart('customResources').kindOf(definition, version);
  if (custom === undefined) return undefined;
  let served = made.get(custom);
  if (served === undefined) {
    const { info, key, selectable, columns } = custom;
    const fields = Object.fromEntries(selectable.map((field) => [field, field]));
    served = {
      info, key, custom, prefix: `/registry/${info.group}/${info.resource}/`, watchCache: false, policy: false, review: false, returnsDeleted: false, unconditionalUpdate: false,
      view: { key, fields, columns, fromStored: asItIs, toStored: asItIs },
    };
    made.set(custom, served);
  }
  return served;
}

const isTrue = ({ status }: Definition, type: string): boolean => status?.conditions?.some((one) => one.type === type && one.status === 'True') === true;

/** How the resource of a request is served where it is a custom one: at its own scope, in a version that is served, once its names are accepted. */
export function findCustom(state: ApiServerState, { group, version, resource, namespace = '', verb }: ApiRequest): Served | undefined {
  const definition = cached(state, definitionsKey, `${resource}.${group}`) as Definition | undefined;
  if (definition === undefined || definition.spec.versions?.some(({ name, served }) => name === version && served === true) !== true) return undefined;
  const namespaced = definition.spec.scope === 'Namespaced';
  if (namespaced ? namespace === '' && verb !== 'list' && verb !== 'watch' : namespace !== '') return undefined;
  return isTrue(definition, 'NamesAccepted') || isTrue(definition, 'Established') ? servedIn(definition, version) : undefined;
}

/** The version in which a definition's objects are stored, if it was ever served. */
export function storedIn(definition: Definition): Served | undefined {
  const version = definition.spec.versions?.find(({ storage }) => storage === true);
  return version === undefined || !isTrue(definition, 'Established') ? undefined : servedIn(definition, version.name);
}
