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
  if (singular === names.singular && listKind === names.listKind && conversion !== undefined) return definition;
  return { ...definition, spec: { ...spec, names: { ...names, ...(singular === undefined ? {} : { singular }), ...(listKind === undefined ? {} : { listKind }) }, conversion: conversion ?? { strategy: 'None' } } };
}

export const definitionRules: Rules<Definition> = { create: validateDefinition, update: validateDefinitionUpdate };
