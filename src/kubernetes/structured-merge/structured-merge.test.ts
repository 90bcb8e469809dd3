import { describe, expect, test } from 'vitest';
import type { ManagedFieldsEntry } from '../api/meta-v1.ts';
import { changedFields, removedFields } from './compare.ts';
import { difference, intersection, isFieldSet, pathsOf, union, type FieldSet } from './field-set.ts';
import { afterUpdate, apply, conflictWords, type Entries, type Writer } from './managers.ts';
import { fieldsOf, mergeProblems } from './merge.ts';
import { shapeOfKind } from './shapes.ts';

const shape = shapeOfKind('apps/v1', 'Deployment');
/** A set as one reads it: `f:spec{f:replicas}`. */
const short = (set: FieldSet | undefined): string => (set === undefined ? '-' : Object.keys(set).sort().map((key) => `${key.replaceAll('"', '')}${Object.keys(set[key]!).length === 0 ? '' : `{${short(set[key])}}`}`).join(' '));

const a: FieldSet = { 'f:a': {}, 'f:b': { '.': {}, 'f:c': {} }, 'f:d': { 'f:e': {} } };
const b: FieldSet = { 'f:b': {}, 'f:d': { 'f:e': {}, 'f:x': {} } };
test('sets are united, taken from each other and met by their members, not by what is below these', () => {
  expect(short(union(a, b))).toBe('f:a f:b{. f:c} f:d{f:e f:x}');
  expect(short(difference(a, b))).toBe('f:a f:b{f:c}');
  expect(short(intersection(a, b))).toBe('f:b f:d{f:e}');
  expect([union(a, { 'f:a': {} }), difference(a, { 'f:z': {} })]).toEqual([a, a]);
  expect(union(a, { 'f:b': { 'f:c': {} } })).toBe(a);
});
test('paths are written as errors show them', () => {
  expect(pathsOf({ 'f:spec': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:name': {} }, 'f:finalizers': { 'v:"a/b"': {} }, 'f:replicas': {} } })).toEqual([
    '.spec.replicas', '.spec[containerPort=80,protocol="TCP"]', '.spec.finalizers[="a/b"]', '.spec[containerPort=80,protocol="TCP"].name',
  ]);
});

test.each<[unknown, boolean]>([[{ 'f:a': { '.': {}, 'k:{"name":"x"}': {}, 'v:1': {}, 'i:0': {} } }, true], [{ a: {} }, false], [{ 'k:{': {} }, false], [{ 'k:7': {} }, false], [{ 'f:a': 3 }, false], ['f:a', false], [null, false]])(
  '%j is a set: %s', (value, expected) => expect(isFieldSet(value)).toBe(expected));

const container = { name: 'web', image: 'nginx:1', ports: [{ containerPort: 80, protocol: 'TCP' }], resources: {}, args: ['x'] };
const deployment = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', uid: 'u', generation: 3, labels: { app: 'web' } }, spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, strategy: { type: 'Recreate' }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } } } };

describe('what a write sets', () => {
  test('of a new object: as a real server writes it', () => {
    expect(short(changedFields(shape, {}, deployment))).toBe('f:metadata{f:labels{. f:app}} f:spec{f:replicas f:selector f:strategy{f:type} f:template{f:metadata{f:labels{. f:app}} '
      + 'f:spec{f:containers{k:{name:web}{. f:args f:image f:name f:ports{. k:{containerPort:80,protocol:TCP}{. f:containerPort f:protocol}} f:resources}}}}}');
  });
  const changed = (spec: object): object => ({ ...deployment, spec: { ...deployment.spec, ...spec } });
  const inPod = (...containers: object[]): object => changed({ template: { ...deployment.spec.template, spec: { containers } } });
  test.each<[string, object, string, string]>([
    ['nothing', { ...deployment }, '-', '-'],
    ['a number', changed({ replicas: 3 }), 'f:spec{f:replicas}', '-'],
    ['a field gone', changed({ replicas: undefined }), '-', 'f:spec{f:replicas}'],
    ['an atomic map', changed({ selector: { matchLabels: { app: 'x' } } }), 'f:spec{f:selector}', '-'],
    ['an image', inPod({ ...container, image: 'nginx:2' }), 'f:spec{f:template{f:spec{f:containers{k:{name:web}{f:image}}}}}', '-'],
    ['one more container', inPod({ name: 'b' }, container), 'f:spec{f:template{f:spec{f:containers{k:{name:b}{. f:name}}}}}', '-'],
    ['a port less', inPod({ ...container, ports: [] }), '-', 'f:spec{f:template{f:spec{f:containers{k:{name:web}{f:ports{k:{containerPort:80,protocol:TCP}{. f:containerPort f:protocol}}}}}}}'],
    ['a label', { ...deployment, metadata: { ...deployment.metadata, labels: { app: 'web', tier: 'x' } } }, 'f:metadata{f:labels{f:tier}}', '-'],
    ['the first status', { ...deployment, status: { conditions: [{ type: 'Available', status: 'True' }] } }, 'f:status{f:conditions{. k:{type:Available}{. f:status f:type}}}', '-'],
    ['what only the server sets', { ...deployment, metadata: { ...deployment.metadata, resourceVersion: '9', generation: 4 } }, '-', '-'],
  ])('%s', (_what, after, sets, removes) => expect([short(changedFields(shape, deployment, after)), short(removedFields(shape, deployment, after))]).toEqual([sets, removes]));
});

test('an applied configuration owns what it lists, with the items of its lists', () => {
  expect(short(fieldsOf(shape, { metadata: { labels: { app: 'web' } }, spec: { replicas: 1, template: { spec: { containers: [{ name: 'web', ports: [{ containerPort: 80 }] }], securityContext: {} } } } })))
    .toBe('f:metadata{f:labels{f:app}} f:spec{f:replicas f:template{f:spec{f:containers{k:{name:web}{. f:name f:ports{k:{containerPort:80,protocol:TCP}{. f:containerPort}}}} f:securityContext}}}');
});

test.each<[string, object, readonly string[]]>([
  ['a field that is none', { spec: { template: { spec: { containers: [{ name: 'a', image: 'x', colour: 'red' }] } } } }, ['.spec.template.spec.containers[name="a"].colour: field not declared in schema']],
  ['two of one name', { spec: { template: { spec: { containers: [{ name: 'a' }, { name: 'a' }] } } } }, ['.spec.template.spec.containers: duplicate entries for key [name="a"]']],
  ['an item without its key', { spec: { template: { spec: { containers: [{ image: 'a' }] } } } }, ['.spec.template.spec.containers: element 0: associative list with keys has an element that omits key field "name" (and doesn\'t have default value)']],
  ['a list that is none', { spec: { template: { spec: { containers: 7 } } } }, ['.spec.template.spec.containers: expected list, got &{7}']],
  ['nothing wrong', { metadata: { finalizers: ['a'] } }, []],
])('refuses to merge: %s', (_what, config, problems) => expect(mergeProblems(shape, config)).toEqual(problems));

const writer = (manager: string, operation: Writer['operation'] = 'Update', time = '2026-01-01T00:00:00Z'): Writer => ({ manager, operation, apiVersion: 'apps/v1', time });
const owners = (entries: Entries): readonly string[] => entries.map((entry: ManagedFieldsEntry) => `${entry.manager} ${entry.operation} ${entry.time!.slice(17, 19)} ${short(entry.fieldsV1 as FieldSet)}`);

describe('who owns', () => {
  const config = (data: object): object => ({ metadata: { annotations: data } });
  test('updates take fields from each other, and the time moves with each', () => {
    const one = afterUpdate([], writer('one'), shape, {}, config({ x: '1', y: '1' }));
    const two = afterUpdate(one, writer('two', 'Update', '2026-01-01T00:00:05Z'), shape, config({ x: '1', y: '1' }), config({ x: '2', y: '1' }));
    expect(owners(two)).toEqual(['one Update 00 f:metadata{f:annotations{. f:y}}', 'two Update 05 f:metadata{f:annotations{f:x}}']);
    expect(owners(afterUpdate(two, writer('one', 'Update', '2026-01-01T00:00:09Z'), shape, config({ x: '2', y: '1' }), config({ x: '2', y: '3' })))).toEqual(['two Update 05 f:metadata{f:annotations{f:x}}', 'one Update 09 f:metadata{f:annotations{. f:y}}']);
    expect(owners(afterUpdate(two, writer('three'), shape, config({ x: '2', y: '1' }), {}))).toEqual([]);
    expect(afterUpdate(two, writer('three'), shape, config({ x: '2' }), config({ x: '2' }))).toBe(two);
  });
  test('more than ten updaters are too many: the oldest become one', () => {
    let entries: Entries = [];
    for (let i = 0; i < 12; i++) entries = afterUpdate(entries, writer(`m${i}`, 'Update', `2026-01-01T00:00:${10 + i}Z`), shape, config({}), config({ [`k${i}`]: '1' }));
    expect(entries.length).toBe(10);
    expect(owners(entries)[0]).toBe('ancient-changes Update 12 f:metadata{f:annotations{f:k0 f:k1 f:k2}}');
  });
});

describe('server-side apply', () => {
  const spec = (image: string, more: object = {}) => ({ template: { spec: { containers: [{ name: 'web', image }] } }, ...more });
  const applied = (entries: Entries, manager: string, live: object, config: object, force = false) => apply(entries, writer(manager, 'Apply'), shape, live, config, force);
  const first = applied([], 'one', {}, { spec: spec('nginx:1', { replicas: 3, paused: true }) }) as Extract<ReturnType<typeof apply>, { object: unknown }>;
  const live = { spec: { ...first.object as { spec: object }['spec'], ...(first.object as { spec: object }).spec, minReadySeconds: 5 } };

  test('what an applier no longer lists goes; what nobody owned stays', () => {
    const outcome = applied(first.entries, 'one', live, { spec: spec('nginx:1', { replicas: 3 }) });
    expect(outcome).toMatchObject({ object: { spec: { replicas: 3, minReadySeconds: 5 } } });
    expect((outcome as { object: { spec: object } }).object.spec).not.toHaveProperty('paused');
  });
  test('what another owns too stays, and belongs to the other alone', () => {
    const shared = applied(first.entries, 'two', live, { spec: { replicas: 3 } }) as typeof first;
    expect(owners(shared.entries).map((text) => /f:replicas/.test(text))).toEqual([true, true]);
    const given = applied(shared.entries, 'one', shared.object as object, { spec: spec('nginx:1', { paused: true }) }) as typeof first;
    expect(given.object).toMatchObject({ spec: { replicas: 3 } });
    expect(owners(given.entries).map((text) => /f:replicas/.test(text))).toEqual([false, true]);
  });
  test('a change of what another owns is a conflict, unless forced', () => {
    const scaled = afterUpdate(first.entries, writer('kubectl-client-side-apply'), shape, live, { spec: { ...live.spec, replicas: 7 } });
    const refused = applied(scaled, 'two', { spec: { ...live.spec, replicas: 7 } }, { spec: { replicas: 1 } });
    expect('conflicts' in refused && conflictWords(refused.conflicts)).toEqual({
      message: 'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using apps/v1: .spec.replicas',
      causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "kubectl-client-side-apply" using apps/v1', field: '.spec.replicas' }],
    });
    const many = applied(scaled, 'two', { spec: { ...live.spec, replicas: 7 } }, { spec: spec('nginx:2', { replicas: 1, paused: false }) });
    expect('conflicts' in many && conflictWords(many.conflicts).message).toBe('Apply failed with 3 conflicts: conflicts with "kubectl-client-side-apply" using apps/v1:\n- .spec.replicas\nconflicts with "one":\n- .spec.paused\n- .spec.template.spec.containers[name="web"].image');
    const forced = applied(scaled, 'two', { spec: { ...live.spec, replicas: 7 } }, { spec: { replicas: 1 } }, true);
    expect('entries' in forced && owners(forced.entries)).toEqual([expect.not.stringContaining('replicas'), 'two Apply 00 f:spec{f:replicas}']);
  });
  test('the same value is no conflict but shared', () => expect('entries' in applied(first.entries, 'two', live, { spec: { replicas: 3 } })).toBe(true));
  test('applying the same again changes nothing', () => expect(applied(first.entries, 'one', live, { spec: spec('nginx:1', { replicas: 3, paused: true }) })).toMatchObject({ entries: first.entries }));
  test('lists keep what others put in, and lose what the applier took out', () => {
    const pods = (...names: string[]): object => ({ spec: { template: { spec: { containers: names.map((name) => ({ name, image: name })) } } } });
    const mine = applied([], 'one', {}, pods('a', 'b')) as typeof first;
    const next = applied(mine.entries, 'one', pods('a', 'sidecar', 'b'), pods('c', 'a')) as typeof first;
    expect((next.object as { spec: { template: { spec: { containers: { name: string }[] } } } }).spec.template.spec.containers.map(({ name }) => name)).toEqual(['c', 'a', 'sidecar']);
  });
});
