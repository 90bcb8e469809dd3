/** CustomResourceDefinitions as `kept-kinds.ts` takes them in: their defaults and rules. */
import type { Rules } from '../api/validation/index.ts';
import type { Definition } from './definition.ts';
import { validateDefinition, validateDefinitionUpdate } from './definition-rules.ts';

/** Models apiextensions-apiserver/pkg/apis/apiextensions/v1/defaults.go. */
export function defaultDefinition(definition: Definition): Definition {
  const { spec } = definition;
  if (spec === undefined) return definition;
  const { names = {}, conversion } = spec;
  const { kind = '' } = names;
  const singular = (names.singular ?? '') === '' ? kind.toLowerCase() : names.singular;
  const listKind = (names.listKind ?? '') === '' && kind !== '' ? `${kind}List` : names.listKind;
  const converted = withPort(conversion);
  if (singular === names.singular && listKind === names.listKind && converted === conversion) return definition;
  return { ...definition, spec: { ...spec, names: { ...names, ...(singular === undefined ? {} : { singular }), ...(listKind === undefined ? {} : { listKind }) }, conversion: converted } };
}

type Conversion = Definition['spec']['conversion'];

function withPort(conversion: Conversion): Conversion {
  if (conversion === undefined) return { strategy: 'None' };
  const { webhook } = conversion;
  const service = webhook?.clientConfig?.service;
  return service === undefined || service.port !== undefined ? conversion : { ...conversion, webhook: { ...webhook, clientConfig: { ...webhook!.clientConfig, service: { ...service, port: 443 } } } };
}

export const definitionRules: Rules<Definition> = { create: validateDefinition, update: validateDefinitionUpdate };
