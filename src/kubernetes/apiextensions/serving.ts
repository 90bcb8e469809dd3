/** A definition's kind in one of its versions, as the API server serves it. Models apiextensions-apiserver/pkg/apiserver/customresource_handler.go and pkg/registry/customresource. */
import type { KubeObject } from '../api/meta-v1.ts';
import type { ResourceInfo } from '../api/served-resources.ts';
import { subdomainName, validateMetadata, validateMetadataUpdate } from '../api/validation/metadata.ts';
import { deepEqual } from '../apimachinery/equality.ts';
import { formatFieldError, invalid, type FieldError } from '../apimachinery/field-errors.ts';
import { parseTime } from '../apimachinery/time.ts';
import { brokenRules, hasRules } from './cel-rules.ts';
import { hasWrongBundle } from './conversion-rules.ts';
import { conversionFailed, conversionReview, convertedIn, webhookOf } from './conversion.ts';
import type { Conversion, ConversionWebhook, CustomKind, CustomResources, Decoded } from './custom-kind.ts';
import { defaulted } from './defaulting.ts';
import { conditionOf, isTrue, preferredFirst, type Definition, type Json, type ScalePaths, type Schema, type Version } from './definition.ts';
import { listProblems } from './list-rules.ts';
import { approved, named, withCondition } from './naming.ts';
import { coerced, embeddedProblems, readMeta } from './object-meta.ts';
import { objectProblems } from './object-rules.ts';
import { pruned, withoutNulls } from './pruning.ts';
import { shapeOfSchema } from './schema-shape.ts';
import { simplePath, valueAt, withValueAt } from './simple-path.ts';

type Object = KubeObject & Json;

const kinds = new WeakMap<Definition, Map<string, CustomKind>>();

function kindOf(definition: Definition, version: string): CustomKind | undefined {
  let known = kinds.get(definition);
  if (known === undefined) kinds.set(definition, known = new Map());
  const found = definition.spec.versions?.find(({ name }) => name === version);
  if (found !== undefined && !known.has(version)) known.set(version, new Kind(definition, found));
  return known.get(version);
}

const servedVersions = ({ spec: { versions = [] } }: Definition): readonly string[] => preferredFirst(versions.filter(({ served }) => served === true).map(({ name }) => name));

export const customResources: CustomResources = { kindOf, servedVersions, preferredFirst, named, approved, withCondition, conversionReview, conversionFailed, hasWrongBundle };

function infoOf({ spec: { group = '', scope }, status }: Definition, { name: version, subresources }: Version): ResourceInfo {
  const { kind = '', plural = '', singular = '', shortNames = [], categories = [] } = status?.acceptedNames ?? {};
  return {
    group, version, apiVersion: `${group}/${version}`, kind, resource: plural, namespaced: scope === 'Namespaced', singular, shortNames, categories, actedOn: false,
    subresources: [...subresources?.status === undefined ? [] : ['status'], ...subresources?.scale === undefined ? [] : ['scale']],
  };
}

/** Models customresource_handler.go: defaultDeprecationWarning. */
function warningsOf({ spec: { group = '', names = {}, versions = [] } }: Definition, { name, deprecated, deprecationWarning }: Version): readonly string[] {
  if (deprecated !== true) return [];
  if (deprecationWarning !== undefined) return [deprecationWarning];
  const newer = preferredFirst(versions.filter((one) => one.served === true && (one.deprecated !== true || one.name === name)).map((one) => one.name));
  return [`${group}/${name} ${names.kind} is deprecated${newer[0] === name || newer[0] === undefined ? '' : `; use ${group}/${newer[0]} ${names.kind}`}`];
}

/** What a version knows of an object. */
function cleaned(object: KubeObject, version: Version | undefined): KubeObject {
  const schema = version?.schema?.openAPIV3Schema;
  return withoutNulls(pruned(object, schema, true).value, schema) as KubeObject;
}

class Kind implements CustomKind {
  readonly info: ResourceInfo;
  readonly listKind: string;
  readonly key: string;
  readonly schema: Schema | undefined;
  readonly shape: CustomKind['shape'];
  readonly columns: CustomKind['columns'];
  readonly selectable: readonly string[];
  readonly warnings: readonly string[];
  readonly terminating: boolean;
  readonly establishedAtUs: number;
  private readonly definition: Definition;
  private readonly scale: ScalePaths | undefined;
  private readonly hasStatus: boolean;
  /** Each stored object is read once. */
  private readonly read = new WeakMap<KubeObject, Conversion>();
  readonly webhook: ConversionWebhook | undefined;

  constructor(definition: Definition, version: Version) {
    this.definition = definition;
    this.info = infoOf(definition, version);
    this.listKind = definition.status?.acceptedNames?.listKind ?? `${this.info.kind}List`;
    this.key = definition.metadata.name;
    this.schema = version.schema?.openAPIV3Schema;
    this.shape = shapeOfSchema(this.schema);
    this.columns = version.additionalPrinterColumns ?? ageColumn;
    this.selectable = (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, ''));
    this.warnings = warningsOf(definition, version);
    this.terminating = isTrue(definition, 'Terminating');
    this.establishedAtUs = parseTime(conditionOf(definition, 'Established')?.lastTransitionTime) ?? 0;
    this.webhook = webhookOf(definition);
    this.scale = version.subresources?.scale;
    this.hasStatus = version.subresources?.status !== undefined;
  }

  isOf({ spec, status }: Definition): boolean {
    return deepEqual(spec, this.definition.spec) && deepEqual(status?.acceptedNames, this.definition.status?.acceptedNames);
  }

  decode(body: KubeObject): Decoded {
    const meta = readMeta(body.metadata);
    if (meta.wrong !== undefined) return { message: meta.wrong };
    const known = pruned(body, this.schema, true);
    const embedded = coerced(withoutNulls(known.value, this.schema), this.schema);
    if (embedded.wrong !== undefined) return { message: formatFieldError(embedded.wrong) };
    const { apiVersion, kind } = body;
    const object = { ...embedded.value as object, apiVersion, kind, metadata: meta.metadata } as KubeObject;
    return { object: defaulted(object, this.schema) as KubeObject, unknownFields: [...meta.unknown, ...known.unknown, ...embedded.unknown] };
  }

  fromStored(object: KubeObject): Conversion {
    let seen = this.read.get(object);
    if (seen === undefined) this.read.set(object, seen = this.convert(object, this.info.version, true));
    return seen;
  }

  toStored(object: KubeObject): Conversion {
    return this.toVersion(object, this.definition.spec.versions?.find((one) => one.storage === true)?.name ?? this.info.version);
  }

  toVersion(object: KubeObject, version: string): Conversion {
    return version === this.info.version ? { object } : this.convert(object, version, false);
  }

  /**
   * From the version that the object says to another: by the webhook, or without one by a new apiVersion; what the other does not know goes.
   * Models conversion/{converter,nop_converter}.go and customresource_handler.go: schemaCoercingConverter.
   */
  private convert(object: KubeObject, version: string, reading: boolean): Conversion {
    const [apiVersion, from] = [`${this.info.group}/${version}`, object.apiVersion.slice(object.apiVersion.indexOf('/') + 1)];
    const own = this.versionNamed(from);
    const whole = reading && own?.schema?.openAPIV3Schema !== undefined ? defaulted(cleaned(object, own), own.schema.openAPIV3Schema) as KubeObject : object;
    if (from === version) return { object: whole };
    if (own === undefined) return { wrong: `request to convert CR from an invalid group/version: ${object.apiVersion}` };
    return this.webhook === undefined ? { object: cleaned({ ...whole, apiVersion }, this.versionNamed(version)) } : { ask: whole, apiVersion };
  }

  converted(answer: unknown, asked: KubeObject, apiVersion: string, uid: string): { readonly object: KubeObject } | { readonly wrong: string } {
    const outcome = convertedIn(answer, this.webhook!, asked, apiVersion, uid);
    return 'wrong' in outcome ? outcome : { object: cleaned(outcome.object, this.versionNamed(apiVersion.slice(apiVersion.indexOf('/') + 1))) };
  }

  private versionNamed(name: string): Version | undefined {
    return this.definition.spec.versions?.find((one) => one.name === name);
  }

  prepareForCreate(object: KubeObject): KubeObject {
    const { status: _status, ...rest } = object;
    const bare = this.hasStatus ? rest : object;
    return { ...bare, metadata: { ...bare.metadata, generation: 1 } };
  }

  prepareForUpdate(next: KubeObject, current: KubeObject): KubeObject {
    const { status: _status, ...rest } = next;
    const kept = !this.hasStatus ? next : 'status' in current ? { ...next, status: current.status } : rest;
    const { metadata, ...body } = kept;
    const { metadata: old, ...before } = current;
    return deepEqual(body, before) ? kept : { ...kept, metadata: { ...metadata, generation: (old.generation ?? 0) + 1 } };
  }

  prepareForStatusUpdate(next: KubeObject, current: KubeObject): KubeObject {
    const { status: _status, ...rest } = current;
    const kept = { ...rest, metadata: { ...current.metadata, managedFields: next.metadata.managedFields } };
    return 'status' in next ? { ...kept, status: next.status } : kept;
  }

  problems(object: KubeObject): readonly FieldError[] {
    const errors: FieldError[] = [];
    validateMetadata(errors, object.metadata, this.info.namespaced, subdomainName);
    if (this.schema !== undefined) errors.push(...objectProblems(this.schema, object));
    errors.push(...this.scaleProblems(object, true), ...embeddedProblems(this.schema, object), ...listProblems(this.schema, object));
    return this.withRules(errors, object, undefined);
  }

  changeProblems(next: KubeObject, current: KubeObject, ofStatus: boolean): readonly FieldError[] {
    const errors: FieldError[] = [];
    validateMetadataUpdate(errors, next.metadata, current.metadata);
    const status = this.schema?.properties?.['status'];
    if (ofStatus) {
      if (status !== undefined && 'status' in next) errors.push(...objectProblems(status, next.status, 'status', { old: current.status }));
    } else if (this.schema !== undefined) errors.push(...objectProblems(this.schema, next, '', { old: current }));
    errors.push(...this.scaleProblems(next, !ofStatus));
    if (!ofStatus) errors.push(...embeddedProblems(this.schema, next));
    // Lists that were no sets before may stay so.
    if (listProblems(this.schema, current).length === 0) errors.push(...listProblems(this.schema, next));
    return this.withRules(errors, next, current);
  }

  private withRules(errors: FieldError[], object: KubeObject, old: KubeObject | undefined): readonly FieldError[] {
    if (this.schema === undefined || !hasRules(this.schema)) return errors;
    if (errors.some(({ type }) => blocking.has(type))) return [...errors, invalid('<nil>', null, 'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation')];
    return [...errors, ...brokenRules(this.schema, object, old)];
  }

  /** Models registry/customresource/validator.go: ValidateScaleSpec, ValidateScaleStatus. */
  private scaleProblems(object: KubeObject, withSpec: boolean): readonly FieldError[] {
    if (this.scale === undefined) return [];
    const { specReplicasPath, statusReplicasPath, labelSelectorPath } = this.scale;
    const errors: FieldError[] = [];
    for (const path of withSpec ? [specReplicasPath, statusReplicasPath] : [statusReplicasPath]) {
      const value = this.at(object, path);
      if (value === undefined) continue;
      if (typeof value !== 'number' || !Number.isInteger(value)) errors.push(invalid(path, 0, `${path} accessor error: ${JSON.stringify(value)} is of the type ${goType(value)}, expected int64`));
      else if (value < 0) errors.push(invalid(path, value, 'should be a non-negative integer'));
      else if (value > 2_147_483_647) errors.push(invalid(path, value, 'should be less than or equal to 2147483647'));
    }
    const selector = labelSelectorPath === undefined || labelSelectorPath === '' ? undefined : this.at(object, labelSelectorPath);
    if (selector !== undefined && typeof selector !== 'string') errors.push(invalid(labelSelectorPath!, '', `${labelSelectorPath} accessor error: ${JSON.stringify(selector)} is of the type ${goType(selector)}, expected string`));
    return errors;
  }

  private at(object: KubeObject, path: string | undefined): unknown {
    return path === undefined || path === '' ? undefined : valueAt(object, simplePath(path) ?? []);
  }

  scaleOf(object: KubeObject): KubeObject {
    const { specReplicasPath, statusReplicasPath, labelSelectorPath } = this.scale!;
    const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
    const selector = this.at(object, labelSelectorPath);
    return {
      apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
      spec: { replicas: this.at(object, specReplicasPath) ?? 0 }, status: { replicas: this.at(object, statusReplicasPath) ?? 0, ...(typeof selector === 'string' && selector !== '' ? { selector } : {}) },
    };
  }

  scaled(object: KubeObject, replicas: number): KubeObject {
    return withValueAt(object as Object, this.replicasPath, replicas) as Object;
  }

  get replicasPath(): readonly string[] { return simplePath(this.scale?.specReplicasPath ?? '') ?? []; }
}

const blocking: ReadonlySet<FieldError['type']> = new Set<FieldError['type']>(['FieldValueNotSupported', 'FieldValueRequired', 'FieldValueTooLong', 'FieldValueTooMany', 'FieldValueTypeInvalid']);
const goType = (value: unknown): string => (typeof value === 'string' ? 'string' : typeof value === 'boolean' ? 'bool' : typeof value === 'number' ? 'float64' : Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}');

/** What a definition without columns has. Models pkg/apiserver/helpers.go: getColumnsForVersion. */
const ageColumn = [{ name: 'Age', type: 'date', description: 'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata', jsonPath: '.metadata.creationTimestamp' }];
