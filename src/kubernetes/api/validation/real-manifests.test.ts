/** The public documentation's example manifests, as the real kubectl decodes them, must pass except where they are wrong on purpose. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import '../../kept-kinds.ts';
import type { KubeObject } from '../meta-v1.ts';
import { resourceOfKind } from '../served-resources.ts';
import { formatFieldError } from '../../apimachinery/field-errors.ts';
import { applyDefaults } from '../defaults/index.ts';
import { validateCreate } from './index.ts';

const folder = new URL('../../../../../shared/manifests/decoded/', import.meta.url);
const here = existsSync(folder);
const files = here ? (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.endsWith('.json')).sort() : [];

function documents(file: string): readonly KubeObject[] {
  const parsed = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as unknown;
  const all = (Array.isArray(parsed) ? parsed : [parsed]) as (KubeObject & { items?: KubeObject[] })[];
  return all.flatMap((one) => one?.items ?? [one]).filter((one) => one !== null && typeof one === 'object');
}

function refusals(object: KubeObject): string[] {
  // The server writes a Job's selector itself, of its uid, before it validates (pkg/registry/batch/job/strategy.go: generateSelector).
  const written = (refusal: string): boolean => object.kind === 'Job' && (refusal === 'spec.selector: Required value' || refusal.endsWith('`selector` does not match template `labels`'));
  const info = resourceOfKind(object.kind)!;
  const metadata = { ...object.metadata, namespace: info.namespaced ? object.metadata?.namespace ?? 'default' : undefined };
  return validateCreate(info.kind, applyDefaults(info.kind, { ...object, metadata })).map(formatFieldError).filter((refusal) => !written(refusal));
}

const found = new Map<string, string[]>();
let judged = 0;
for (const file of files) {
  for (const object of documents(file)) {
    const info = resourceOfKind(object.kind);
    if (info === undefined || info.apiVersion !== object.apiVersion) continue;
    judged++;
    const errors = refusals(object);
    if (errors.length > 0) found.set(`${file} ${object.kind}/${object.metadata.name ?? object.metadata.generateName}`, errors);
  }
}

describe.skipIf(!here)('the documentation’s manifests (../shared/manifests is needed)', () => {
  test('many are judged', () => expect(judged).toBeGreaterThan(100));
  test('only those that are wrong are refused', () => expect(Object.fromEntries(found)).toEqual({
    // A template, to be filled in before it is applied.
    'k8s-docs/application/job/job-tmpl.yaml.json Job/process-item-$ITEM': [expect.stringMatching(/^metadata\.name: Invalid value: "process-item-\$ITEM": a lowercase RFC 1123 subdomain/)],
    // Numeric tolerations need the feature gate TaintTolerationComparisonOperators, which is off.
    'k8s-docs/pods/pod-with-numeric-toleration.yaml.json Pod/nginx-numeric-toleration': [
      'spec.tolerations[0].operator: Unsupported value: "Gt": supported values: "Equal", "Exists"'],
    // The beginning of a policy; the documentation leaves out the rest.
    'k8s-docs/validatingadmissionpolicy/failure-policy-ignore.yaml.json ValidatingAdmissionPolicy/undefined': [
      'metadata.name: Required value: name or generateName is required', 'spec.matchConstraints: Required value',
      'spec.validations: Required value: validations or auditAnnotations must contain at least one item'],
  }));
});
