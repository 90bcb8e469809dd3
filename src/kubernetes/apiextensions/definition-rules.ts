/** What a CustomResourceDefinition may say. Models staging/src/k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go. */
import { validateImmutable, validateMetadata, validateMetadataUpdate } from '../api/validation/metadata.ts';
import { deepEqual, semanticEqual } from '../apimachinery/equality.ts';
import { duplicate, forbidden, invalid, notSupported, required, tooMany, type FieldError } from '../apimachinery/field-errors.ts';
import { dns1035LabelErrors, dns1123SubdomainErrors } from '../apimachinery/names.ts';
import { ruleProblems } from './cel-rules.ts';
import { conversionRules } from './conversion-rules.ts';
import { defaultProblems } from './default-rules.ts';
import { isTrue, type Definition, type Names, type PrinterColumn, type Schema, type Version } from './definition.ts';
import { approval, approvalOf, isProtected } from './naming.ts';
import { schemaProblems } from './schema-rules.ts';
import { simplePath } from './simple-path.ts';
import { structuralProblems } from './structural-rules.ts';

type Errors = FieldError[];

/** What is wrong with a new definition. */
export function validateDefinition(errors: Errors, definition: Definition): void {
  const { names = {}, group = '' } = definition.spec;
  const wanted = `${names.plural ?? ''}.${group}`;
  validateMetadata(errors, definition.metadata, false, (name) => [...dns1123SubdomainErrors(name), ...(name === wanted ? [] : ['must be spec.names.plural+"."+spec.group'])]);
  specRules(errors, definition, undefined);
  statusRules(errors, definition);
  storedVersions(errors, definition);
  protectedGroup(errors, definition);
  preserving(errors, definition);
}

/** What is wrong with a change of one. */
export function validateDefinitionUpdate(errors: Errors, next: Definition, old: Definition): void {
  validateMetadataUpdate(errors, next.metadata, old.metadata);
  specRules(errors, next, old);
  if (isTrue(old, 'Established')) {
    validateImmutable(errors, next.spec.scope ?? '', old.spec.scope ?? '', 'spec.scope');
    validateImmutable(errors, next.spec.names?.kind ?? '', old.spec.names?.kind ?? '', 'spec.names.kind');
  }
  validateImmutable(errors, next.spec.group ?? '', old.spec.group ?? '', 'spec.group');
  validateImmutable(errors, next.spec.names?.plural ?? '', old.spec.names?.plural ?? '', 'spec.names.plural');
  statusRules(errors, next);
  storedVersions(errors, next);
  if (next.metadata.annotations?.[approval] !== old.metadata.annotations?.[approval]) protectedGroup(errors, next);
  if (old.spec.preserveUnknownFields !== true) preserving(errors, next);
}

/** What is wrong with a write to its status. */
export function validateDefinitionStatus(errors: Errors, next: Definition, old: Definition): void {
  validateMetadataUpdate(errors, next.metadata, old.metadata);
  statusRules(errors, next);
}

const commas = (messages: readonly string[]): string => messages.join(',');

function specRules(errors: Errors, { spec }: Definition, old: Definition | undefined): void {
  const { group = '', scope = '', names = {}, versions = [] } = spec;
  const badGroup = dns1123SubdomainErrors(group);
  if (group === '') errors.push(required('spec.group'));
  else if (badGroup.length > 0) errors.push(invalid('spec.group', group, commas(badGroup)));
  else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  if (scope === '') errors.push(required('spec.scope'));
  else if (scope !== 'Cluster' && scope !== 'Namespaced') errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  versions.forEach(({ schema }, index) => { if (schema?.openAPIV3Schema === undefined) errors.push(required(`spec.versions[${index}].schema.openAPIV3Schema`)); });
  const promoted = shared(versions);
  versions.forEach((version, index) => {
    const wrong = dns1035LabelErrors(version.name ?? '');
    if (wrong.length > 0) errors.push(invalid(`spec.versions[${index}].name`, version.name ?? '', commas(wrong)));
    versionRules(errors, { ...version, ...Object.fromEntries(Object.keys(promoted).map((field) => [field, undefined])) }, version, `spec.versions[${index}]`, isNew(version, old));
  });
  if (new Set(versions.map(({ name }) => name)).size < versions.length) errors.push(invalid('spec.versions', versions, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage === true).length !== 1) errors.push(invalid('spec.versions', versions, 'must have exactly one version marked as storage version'));
  const first = dns1035LabelErrors(versions[0]?.name ?? '');
  if ((versions[0]?.name ?? '') !== '' && first.length > 0) errors.push(invalid('spec.version', versions[0]!.name, commas(first)));
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const) if ((names[name] ?? '') === '') errors.push(required(`spec.names.${name}`));
  nameRules(errors, names, 'spec.names');
  if (versions.length > 0) partRules(errors, promoted, versions.some(({ subresources }) => subresources?.status !== undefined), versions[0]!.schema?.openAPIV3Schema, { schema: 'spec.validation', other: 'spec' }, isNew(versions[0]!, old));
  conversionRules(errors, spec, old);
}

/** Rules that were let in once may cost what they cost. Models findVersionsWithUnchangedSchemas. */
const isNew = ({ name, schema }: Version, old: Definition | undefined): boolean => old === undefined || !semanticEqual(schema, old.spec.versions?.find((one) => one.name === name)?.schema);

type Parts = Partial<Pick<Version, 'schema' | 'subresources' | 'additionalPrinterColumns' | 'selectableFields'>>;

/** What all versions say alike is the definition's own to upstream's rules, and named so. Models apis/apiextensions/v1/conversion.go. */
function shared([first, ...others]: readonly Version[]): Parts {
  const same = <K extends keyof Parts>(field: K): Parts => (first?.[field] !== undefined && others.every((one) => deepEqual(one[field], first[field])) ? { [field]: first[field] } : {});
  return { ...same('schema'), ...same('subresources'), ...same('additionalPrinterColumns'), ...same('selectableFields') };
}

function nameRules(errors: Errors, names: Names, path: string): void {
  const label = (field: string, value: string, words = ''): void => {
    const wrong = value === '' ? [] : dns1035LabelErrors(words === '' ? value : value.toLowerCase());
    if (wrong.length > 0) errors.push(invalid(`${path}.${field}`, value, words + commas(wrong)));
  };
  const mixed = 'may have mixed case, but should otherwise match: ';
  label('plural', names.plural ?? '');
  label('singular', names.singular ?? '');
  label('kind', names.kind ?? '', mixed);
  label('listKind', names.listKind ?? '', mixed);
  names.shortNames?.forEach((name, index) => label(`shortNames[${index}]`, name));
  if ((names.kind ?? '') !== '' && names.kind === names.listKind) errors.push(invalid(`${path}.listKind`, names.listKind, 'kind and listKind may not be the same'));
  names.categories?.forEach((name, index) => label(`categories[${index}]`, name));
}

function versionRules(errors: Errors, parts: Version, { deprecated, deprecationWarning, schema, subresources }: Version, path: string, isChanged: boolean): void {
  if (deprecationWarning !== undefined) {
    if (deprecated !== true) errors.push(invalid(`${path}.deprecationWarning`, deprecationWarning, 'can only be set for deprecated versions'));
    else if (deprecationWarning.length > 256) errors.push(invalid(`${path}.deprecationWarning`, deprecationWarning, 'must be <= 256 characters long'));
    else if (deprecationWarning === '') errors.push(invalid(`${path}.deprecationWarning`, deprecationWarning, 'must not be an empty string'));
  }
  partRules(errors, parts, subresources?.status !== undefined, schema?.openAPIV3Schema, { schema: `${path}.schema`, other: path }, isChanged);
}

function partRules(errors: Errors, { schema, subresources, additionalPrinterColumns = [], selectableFields = [] }: Parts, hasStatus: boolean, described: Schema | undefined, { schema: schemaPath, other: path }: { readonly schema: string; readonly other: string }, isChanged: boolean): void {
  if (schema?.openAPIV3Schema !== undefined) wholeSchema(errors, schema.openAPIV3Schema, hasStatus, schemaPath, isChanged);
  scaleRules(errors, subresources?.scale, `${path}.subresources.scale`);
  additionalPrinterColumns.forEach((column, index) => columnRules(errors, column, `${path}.additionalPrinterColumns[${index}]`));
  if (selectableFields.length > 0) selectableRules(errors, selectableFields, described, `${path}.selectableFields`);
}

/** Where the status has an address of its own, its schema must stand by itself. */
const atRoot = new Set([
  'description', 'format', 'title', 'maximum', 'exclusiveMaximum', 'minimum', 'exclusiveMinimum', 'maxLength', 'minLength', 'pattern', 'maxItems', 'minItems', 'uniqueItems', 'multipleOf', 'required', 'items',
  'properties', 'externalDocs', 'example', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-validations',
]);
const goNames = 'Description Type Format Title Maximum ExclusiveMaximum Minimum ExclusiveMinimum MaxLength MinLength Pattern MaxItems MinItems UniqueItems MultipleOf Required Items Properties ExternalDocs Example XPreserveUnknownFields XValidations';

function wholeSchema(errors: Errors, schema: Schema, hasStatus: boolean, path: string, isChanged: boolean): void {
  const before = errors.length;
  if (hasStatus) {
    if (schema.type !== undefined && schema.type !== 'object') errors.push(invalid(`${path}.openAPIV3Schema.type`, schema.type, 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'));
    else if (Object.entries(schema).some(([field, value]) => value !== undefined && value !== false && field !== 'type' && !atRoot.has(field))) errors.push(invalid(`${path}.openAPIV3Schema`, schema, `only [${goNames}] fields are allowed at the root of the schema if the status subresource is enabled`));
  }
  if (schema.nullable === true) errors.push(forbidden(`${path}.openAPIV3Schema.nullable`, 'nullable cannot be true at the root'));
  const at = `${path}.openAPIV3Schema`;
  const structural = structuralProblems(at, schema);
  errors.push(...structural);
  if (structural.length === 0) defaultProblems(errors, schema, at);
  const found: Errors = [];
  schemaProblems(found, schema, at);
  if (structural.length === 0 && found.length === 0) ruleProblems(found, schema, at, isChanged);
  errors.push(...found.filter((one) => !errors.slice(before).some((other) => other.field === one.field && other.body === one.body)));
}

function pathRules(errors: Errors, path: string | undefined, below: readonly string[], where: string, field: string): void {
  if ((path ?? '') === '') return void errors.push(required(field));
  if (!path!.startsWith('.')) errors.push(invalid(field, path, 'must be a simple json path starting with .'));
  else if (!below.some((part) => path!.startsWith(`.${part}.`))) errors.push(invalid(field, path, `should be a json path under ${where}`));
}

function scaleRules(errors: Errors, scale: NonNullable<Version['subresources']>['scale'], path: string): void {
  if (scale === undefined) return;
  pathRules(errors, scale.specReplicasPath, ['spec'], '.spec', `${path}.specReplicasPath`);
  pathRules(errors, scale.statusReplicasPath, ['status'], '.status', `${path}.statusReplicasPath`);
  if ((scale.labelSelectorPath ?? '') !== '') pathRules(errors, scale.labelSelectorPath, ['spec', 'status'], 'either .spec or .status', `${path}.labelSelectorPath`);
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function columnRules(errors: Errors, { name = '', type = '', format = '', jsonPath = '' }: Partial<PrinterColumn>, path: string): void {
  if (name === '') errors.push(required(`${path}.name`));
  if (type === '') errors.push(required(`${path}.type`, `must be one of ${columnTypes.join(',')}`));
  else if (!columnTypes.includes(type)) errors.push(invalid(`${path}.type`, type, `must be one of ${columnTypes.join(',')}`));
  if (format !== '' && !columnFormats.includes(format)) errors.push(invalid(`${path}.format`, format, `must be one of ${columnFormats.join(',')}`));
  if (jsonPath === '') errors.push(required(`${path}.JSONPath`));
  else if (!jsonPath.startsWith('.')) errors.push(invalid(`${path}.JSONPath`, jsonPath, 'must be a simple json path starting with .'));
}

const mostSelectable = 8;

function selectableRules(errors: Errors, fields: NonNullable<Version['selectableFields']>, schema: Schema | undefined, path: string): void {
  if (schema === undefined) return void errors.push(invalid(path, '', 'may only be set when `version.schema.openAPIV3Schema` is not included'));
  const seen = new Set<string>();
  fields.forEach(({ jsonPath = '' }, index) => {
    const at = `${path}[${index}].jsonPath`;
    if (jsonPath === '') return void errors.push(required(at));
    const steps = jsonPath.startsWith('.') ? simplePath(jsonPath) : undefined;
    let found: Schema | undefined = schema;
    for (const step of steps ?? []) {
      found = found?.properties?.[step];
      if (found === undefined) return void errors.push(invalid(at, jsonPath, `is an invalid path: does not refer to a valid field`));
    }
    if (steps === undefined) return void errors.push(invalid(at, jsonPath, `is an invalid path: expected [ or . but got: ${jsonPath.slice(0, 1)}`));
    if (steps[0] === 'metadata') errors.push(invalid(at, jsonPath, 'must not point to fields in metadata'));
    if (!['string', 'boolean', 'integer'].includes(found?.type ?? '')) errors.push(invalid(at, jsonPath, 'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.'));
    if (seen.has(jsonPath)) errors.push(duplicate(at, jsonPath));
    seen.add(jsonPath);
    return undefined;
  });
  if (seen.size > mostSelectable) errors.push(tooMany(path, seen.size, mostSelectable));
}

const statusRules = (errors: Errors, { status }: Definition): void => nameRules(errors, status?.acceptedNames ?? {}, 'status.acceptedNames');

function storedVersions(errors: Errors, { spec: { versions = [] }, status }: Definition): void {
  const stored = status?.storedVersions ?? [];
  if (stored.length === 0) return void errors.push(invalid('status.storedVersions', stored, 'must have at least one stored version'));
  for (const { name, storage } of versions) if (storage === true && !stored.includes(name)) errors.push(invalid('status.storedVersions', stored, `must have the storage version ${name}`));
  stored.forEach((name, index) => {
    if (!versions.some((version) => version.name === name)) {
      errors.push(invalid(`status.storedVersions[${index}]`, name, `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`));
    }
  });
}

/** Groups of the community need its approval. */
function protectedGroup(errors: Errors, definition: Definition): void {
  if (!isProtected(definition.spec.group ?? '')) return;
  const { state, reason } = approvalOf(definition);
  const at = `metadata.annotations[${approval}]`;
  if (state === 'Missing') errors.push(required(at, reason));
  else if (state === 'Invalid') errors.push(invalid(at, definition.metadata.annotations![approval], reason));
}

function preserving(errors: Errors, { spec }: Definition): void {
  if (spec.preserveUnknownFields === true) errors.push(invalid('spec.preserveUnknownFields', true, 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'));
}
