/** Queries over a few fields, such as `spec.nodeName=worker-1`. Models staging/src/k8s.io/apimachinery/pkg/fields/selector.go. */

export interface FieldRequirement { readonly field: string; readonly equal: boolean; readonly value: string }

/** A field selector compiled once and asked many times. */
export interface FieldMatcher {
  readonly requirements: readonly FieldRequirement[];
  readonly empty: boolean;
  matches(object: unknown): boolean;
  toString(): string;
}

/** The text at a path of plain names; upstream's field sets hold '' for what is absent. */
export function fieldText(object: unknown, path: readonly string[]): string {
  let value: unknown = object;
  for (const name of path) {
    if (typeof value !== 'object' || value === null) return '';
    value = (value as { readonly [key: string]: unknown })[name];
  }
  return value === undefined || value === null ? '' : String(value);
}

type Read = (object: unknown) => string;
const kindOf = (object: unknown): unknown => (object as { readonly kind?: unknown }).kind;
const orElse = (field: string, absent: string): Read => {
  const path = field.split('.');
  return (object) => fieldText(object, path) || absent;
};
/** Fields of built-in kinds that are not what their path says, or that Go writes where they are absent. Models the ToSelectableFields of pkg/registry. */
const unusual: { readonly [field: string]: Read | undefined } = {
  'spec.unschedulable': orElse('spec.unschedulable', 'false'),
  'spec.hostNetwork': orElse('spec.hostNetwork', 'false'),
  'status.replicas': orElse('status.replicas', '0'),
  'status.successful': orElse('status.succeeded', '0'),
  name: (object) => fieldText(object, kindOf(object) === 'Namespace' ? ['metadata', 'name'] : ['name']),
  source: (object) => (kindOf(object) === 'Event' ? fieldText(object, ['source', 'component']) || fieldText(object, ['reportingComponent']) : fieldText(object, ['source'])),
};

/** Compiles clauses; a field is looked up in the object by its path. */
export function compileFieldRequirements(requirements: readonly FieldRequirement[]): FieldMatcher {
  const read = requirements.map(({ field }): Read => {
    const path = field.split('.');
    return unusual[field] ?? ((object) => fieldText(object, path));
  });
  return {
    requirements,
    empty: requirements.length === 0,
    matches(object) {
      for (let i = 0; i < requirements.length; i++) {
        const { equal, value } = requirements[i]!;
        if ((read[i]!(object) === value) !== equal) return false;
      }
      return true;
    },
    toString: () => requirements.map(({ field, equal, value }) => `${field}${equal ? '=' : '!='}${escapeValue(value)}`).join(','),
  };
}

const escapeValue = (value: string): string => value.replace(/[\\,=]/g, (char) => `\\${char}`);

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === ',') {
      terms.push(text.slice(start, i));
      start = i + 1;
    }
  }
  terms.push(text.slice(start));
  return terms;
}

/** Reads `a=b,c!=d`; throws with upstream's wording where it cannot. */
export function parseFieldSelector(text: string): FieldMatcher {
  if (text === '') return compileFieldRequirements([]);
  const requirements: FieldRequirement[] = [];
  for (const term of splitTerms(text)) {
    if (term === '') continue;
    const match = /^((?:[^\\=!]|\\.)*)(==|!=|=)([^]*)$/.exec(term);
    if (match === null) throw new Error(`invalid selector: '${text}'; can't understand '${term}'`);
    const value = match[3]!.replace(/\\([\\,=])/g, '$1');
    requirements.push({ field: match[1]!, equal: match[2] !== '!=', value });
  }
  return compileFieldRequirements(requirements);
}

const metadataFields = ['metadata.name', 'metadata.namespace'];
/** By `resource` or `resource.group`. */
const fieldsByResource: { readonly [resource: string]: readonly string[] } = {
  pods: [
    ...metadataFields, 'spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork',
    'status.phase', 'status.podIP', 'status.podIPs', 'status.nominatedNodeName',
  ],
  nodes: ['metadata.name', 'spec.unschedulable'],
  namespaces: ['metadata.name', 'status.phase', 'name'],
  secrets: [...metadataFields, 'type'],
  services: [...metadataFields, 'spec.clusterIP', 'spec.type'],
  replicationcontrollers: [...metadataFields, 'status.replicas'],
  'replicasets.apps': [...metadataFields, 'status.replicas'],
  'jobs.batch': [...metadataFields, 'status.successful'],
  'certificatesigningrequests.certificates.k8s.io': ['metadata.name', 'spec.signerName'],
  'resourceslices.resource.k8s.io': ['metadata.name', 'spec.nodeName', 'spec.driver'],
  events: [
    ...metadataFields, 'involvedObject.kind', 'involvedObject.namespace', 'involvedObject.name', 'involvedObject.uid',
    'involvedObject.apiVersion', 'involvedObject.resourceVersion', 'involvedObject.fieldPath', 'reason', 'reportingComponent', 'source', 'type',
  ],
};

/** The fields a resource may be selected by; asking for another is a 400 with `field label not supported: x`. */
export function selectableFields(resource: string): readonly string[] {
  return fieldsByResource[resource] ?? metadataFields;
}

/** The refusal for a field the resource cannot be selected by, or undefined where all is well. */
export function unsupportedFieldError(resource: string, matcher: FieldMatcher): string | undefined {
  const known = selectableFields(resource);
  for (const { field } of matcher.requirements) {
    if (!known.includes(field)) {
      return fieldsByResource[resource] === undefined
        ? `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
        : `field label not supported: ${field}`;
    }
  }
  return undefined;
}
