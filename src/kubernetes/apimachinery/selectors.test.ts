import { describe, expect, test } from 'vitest';
import { compileLabelSelector, compileLabelSet, formatLabelSelector, parseLabelSelector } from './label-selector.ts';
import { parseFieldSelector, unsupportedFieldError } from './field-selector.ts';

const web = { app: 'web', tier: 'front', n: '5' };

describe('label selectors in text', () => {
  test.each([
    ['', true], ['app=web', true], ['app==web', true], ['app!=web', false], ['app in (web,api)', true], ['app notin (web)', false], ['app', true], ['!app', false],
    ['!missing', true], ['missing!=x', true], ['missing notin (x)', true], ['missing in (x)', false], ['app=web,tier=back', false], ['n>4', true], ['n<5', false], ['app>1', false], ['in', false],
    [' app = web , tier in ( front , back ) ', true], ['app in (web),!missing,n', true], ['app=', false], ['example.com/x=1', false],
  ])('%j on the web labels: %s', (text, wanted) => expect(parseLabelSelector(text).matches(web)).toBe(wanted));

  test.each([
    ['b=2,a=1', 'a=1,b=2'], ['a in (z,y)', 'a in (y,z)'], ['!x', '!x'], ['a notin (q)', 'a notin (q)'], ['n>3', 'n>3'], ['a!=b', 'a!=b'], ['a==b', 'a==b'],
  ])('%s prints as %s', (text, wanted) => expect(parseLabelSelector(text).toString()).toBe(wanted));

  test.each([
    ['a=b,', "found '', expected: identifier after ','"],
    ['a in b', "unable to parse requirement: found 'b' expected: '('"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a=b,,c', "found ',', expected: identifier after ','"],
    ['=b', "found '=', expected: !, identifier, or 'end of string'"],
    ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['a>x', `unable to parse requirement: values[0]: Invalid value: "x": for 'Gt', 'Lt' operators, the value must be an integer`],
    ['a=-', 'unable to parse requirement: values[0][a]: Invalid value: "-": a valid label must be an empty string or consist of'],
  ])('%j is refused', (text, message) => expect(() => parseLabelSelector(text)).toThrow(message));
});

describe('label selectors in specs', () => {
  test('absent matches nothing, empty matches everything', () => {
    expect(compileLabelSelector(undefined).matches(web)).toBe(false);
    expect(compileLabelSelector({}).matches(undefined)).toBe(true);
  });
  test.each([
    [{ matchLabels: { app: 'web' } }, true, 'app=web'],
    [{ matchLabels: { app: 'web', tier: 'back' } }, false, 'app=web,tier=back'],
    [{ matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['api'] }] }, true, 'app notin (api)'],
    [{ matchExpressions: [{ key: 'app', operator: 'Exists' }, { key: 'x', operator: 'DoesNotExist' }] }, true, 'app,!x'],
  ] as const)('%j', (selector, matches, text) => {
    expect(compileLabelSelector(selector).matches(web)).toBe(matches);
    expect(formatLabelSelector(selector)).toBe(text);
  });
  test('each object is compiled once', () => {
    const selector = { matchLabels: { app: 'web' } };
    expect(compileLabelSelector(selector)).toBe(compileLabelSelector(selector));
  });
  test('a Service without a selector selects everything here; callers ask for its absence first', () => {
    expect(compileLabelSet({ app: 'web' }).matches(web)).toBe(true);
    expect(compileLabelSet({ app: 'api' }).matches(web)).toBe(false);
  });
});

describe('field selectors', () => {
  const pod = { metadata: { name: 'a' }, spec: { nodeName: 'worker-1' }, status: { phase: 'Running' } };
  test.each([
    ['spec.nodeName=worker-1', true], ['spec.nodeName=worker-2', false], ['spec.nodeName!=', true], ['metadata.namespace=', true],
    ['status.phase!=Succeeded,status.phase!=Failed', true], ['', true],
  ])('%j: %s', (text, wanted) => expect(parseFieldSelector(text).matches(pod)).toBe(wanted));
  test.each<[string, object]>([
    ['spec.unschedulable=false', { kind: 'Node', spec: {} }], ['spec.unschedulable=true', { kind: 'Node', spec: { unschedulable: true } }], ['spec.hostNetwork!=true', { kind: 'Pod', spec: {} }],
    ['status.successful=2', { kind: 'Job', status: { succeeded: 2 } }], ['status.successful=0,status.replicas=0', { kind: 'Job' }], ['name=shop', { kind: 'Namespace', metadata: { name: 'shop' } }],
    ['source=kubelet', { kind: 'Event', source: { component: 'kubelet' } }], ['source=scheduler', { kind: 'Event', reportingComponent: 'scheduler' }],
  ])('%s as Go writes what is not there', (text, object) => expect(parseFieldSelector(text).matches(object)).toBe(true));
  test('escaped signs are read back', () => expect(parseFieldSelector('a=x\\,y\\=z').requirements).toEqual([{ field: 'a', equal: true, value: 'x,y=z' }]));
  test('a clause without a sign is refused', () => expect(() => parseFieldSelector('a=b,c')).toThrow("invalid selector: 'a=b,c'; can't understand 'c'"));
  test('only some fields can be asked for', () => {
    expect(unsupportedFieldError('pods', parseFieldSelector('spec.foo=1'))).toBe('field label not supported: spec.foo');
    expect(unsupportedFieldError('pods', parseFieldSelector('spec.nodeName=x'))).toBeUndefined();
    expect(unsupportedFieldError('configmaps', parseFieldSelector('data=x'))).toBe('"data" is not a known field selector: only "metadata.name", "metadata.namespace"');
  });
});
