/** CustomResourceDefinitions as data. Models staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1/types.go. */
import type { ClientConfig } from '../admission/webhooks/webhook.ts';
import type { Condition, KubeObject } from '../api/meta-v1.ts';

export type Json = Readonly<Record<string, unknown>>;
export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A rule in CEL (x-kubernetes-validations). */
export interface ValidationRule {
  readonly rule?: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

/** Models types_jsonschema.go: JSONSchemaProps. */
export interface Schema {
  readonly id?: string;
  readonly $schema?: string;
  readonly $ref?: string;
  readonly description?: string;
  readonly type?: string;
  readonly format?: string;
  readonly title?: string;
  readonly default?: unknown;
  readonly maximum?: number;
  readonly exclusiveMaximum?: boolean;
  readonly minimum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly maxLength?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly maxItems?: number;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly multipleOf?: number;
  readonly enum?: readonly unknown[];
  readonly maxProperties?: number;
  readonly minProperties?: number;
  readonly required?: readonly string[];
  readonly items?: Schema | readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly not?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly patternProperties?: Readonly<Record<string, Schema>>;
  readonly dependencies?: Json;
  readonly additionalItems?: Schema | boolean;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly externalDocs?: Json;
  readonly example?: unknown;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-embedded-resource'?: boolean;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[];
  readonly 'x-kubernetes-list-type'?: string;
  readonly 'x-kubernetes-map-type'?: string;
  readonly 'x-kubernetes-validations'?: readonly ValidationRule[];
}

export interface PrinterColumn { readonly name: string; readonly type: string; readonly format?: string; readonly description?: string; readonly priority?: number; readonly jsonPath: string }
export interface ScalePaths { readonly specReplicasPath: string; readonly statusReplicasPath: string; readonly labelSelectorPath?: string }

export interface Version {
  readonly name: string;
  readonly served?: boolean;
  readonly storage?: boolean;
  readonly deprecated?: boolean;
  readonly deprecationWarning?: string;
  readonly schema?: { readonly openAPIV3Schema?: Schema };
  readonly subresources?: { readonly status?: object; readonly scale?: ScalePaths };
  readonly additionalPrinterColumns?: readonly PrinterColumn[];
  readonly selectableFields?: readonly { readonly jsonPath: string }[];
}

export interface Names {
  readonly plural?: string;
  readonly singular?: string;
  readonly kind?: string;
  readonly listKind?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

export interface DefinitionStatus { readonly conditions?: readonly Condition[]; readonly acceptedNames?: Names; readonly storedVersions?: readonly string[] }

export interface Definition extends KubeObject {
  readonly spec: {
    readonly group?: string;
    readonly scope?: string;
    readonly names?: Names;
    readonly versions?: readonly Version[];
    readonly conversion?: { readonly strategy?: string; readonly webhook?: { readonly clientConfig?: ClientConfig; readonly conversionReviewVersions?: readonly string[] } };
    readonly preserveUnknownFields?: boolean;
  };
  readonly status?: DefinitionStatus;
}

export const conditionOf = ({ status }: Definition, type: string): Condition | undefined => status?.conditions?.find((one) => one.type === type);
export const isTrue = (definition: Definition, type: string): boolean => conditionOf(definition, type)?.status === 'True';

/** The one schema of a list's items; an array of them is refused by validation. */
export const itemsOf = ({ items }: Schema): Schema | undefined => (items === undefined || Array.isArray(items) ? undefined : items as Schema);
/** The schema of a map's values: `{}` where all are let in, undefined where the schema says nothing of them. */
export const valuesOf = ({ additionalProperties }: Schema): Schema | undefined => (typeof additionalProperties === 'object' ? additionalProperties : undefined);

/** The versions from the one to be preferred on: v2, v1, v1beta1, then the rest by name. Models apimachinery/pkg/version: CompareKubeAwareVersionStrings. */
export function preferredFirst(versions: readonly string[]): readonly string[] {
  const parts = (name: string): readonly [number, number, number] | undefined => {
    const found = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(name);
    return found === null ? undefined : [found[2] === undefined ? 3 : found[2] === 'beta' ? 2 : 1, Number(found[1]), Number(found[3] ?? 0)];
  };
  return [...versions].sort((a, b) => {
    const [left, right] = [parts(a), parts(b)];
    if (left === undefined || right === undefined) return left === right ? (a < b ? -1 : 1) : left === undefined ? 1 : -1;
    return right[0] - left[0] || right[1] - left[1] || right[2] - left[2];
  });
}
