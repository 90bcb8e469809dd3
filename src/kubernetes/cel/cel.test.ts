import { describe, expect, it } from 'vitest';
import { isCompileError, type CelNames } from './cel.ts';
import { cel } from './index.ts';

const names: CelNames = { object: 'dyn', oldObject: 'dyn', variables: 'map' };
const object = {
  apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web', 'a.b/c': 'x' } },
  spec: { replicas: 5, ratio: 0.5, nothing: null, containers: [{ name: 'a', image: 'registry.example/a:1', resources: { limits: { memory: '128Mi' } } }, { name: 'b' }], ports: [80, 443] },
};

function run(expression: string, given: CelNames = names, values: object = { object, oldObject: null, variables: {} }): unknown {
  const program = cel.compile(expression, given);
  if (isCompileError(program)) return program.compileError;
  const outcome = program.evaluate(values as never);
  return 'error' in outcome ? `error: ${outcome.error}` : outcome.value;
}

describe('the language', () => {
  it.each([
    ['object.spec.replicas <= 5', true], ['object.spec.replicas % 2', 1], ['object.spec.ratio < 1.0', true], ['object.spec.replicas == 5.0', true],
    ['has(object.spec.missing)', false], ['has(object.metadata.labels.app) && object.metadata.labels.app == "web"', true], ['oldObject == null', true],
    ['object.spec.nothing == null', true], ['object.metadata.labels["a.b/c"]', 'x'], ['"app" in object.metadata.labels', true],
    ['object.spec.missing == 1 || true', true], ['object.spec.containers.all(c, has(c.image))', false], ['object.spec.containers.exists(c, c.name == "b")', true],
    ['object.spec.containers.filter(c, !has(c.image)).map(c, c.name).join(", ")', 'b'], ['object.metadata.?annotations["x"].orValue("none")', 'none'],
    ['object.metadata.labels.all(key, key.size() > 2)', true], ['"%s has %d replicas".format([object.metadata.name, object.spec.replicas])', 'web has 5 replicas'],
    ['object.spec.containers.map(c, c.name) == ["a", "b"]', true], ['string(object.spec.replicas)', '5'],
    ['{"a": [1, 2]}', { a: [1, 2] }], ['object.metadata', object.metadata], ['type(object.spec.replicas) == int', true], ['duration("1h") > duration("59m")', true],
    ['timestamp("2026-01-02T00:00:00Z") > timestamp("2026-01-01T00:00:00Z")', true],
  ])('%s', (expression, value) => { expect(run(expression)).toEqual(value); });

  it.each([
    ['object.spec.missing == 1', 'error: no such key: missing'], ['object.spec.containers[7].name', 'error: index out of bounds: 7'], ['object.spec.containers.all(c, c.image.size() > 0)', 'error: no such key: image'],
    ['object.spec.replicas / 0 == 1', 'error: division by zero'], ['object.metadata.name < 1', 'error: no such overload'],
    ['object.spec.replicas +', "ERROR: <input>:1:23: Syntax error: Unexpected token: EOF\n | object.spec.replicas +\n | ......................^"],
    ['nothing == 1', "ERROR: <input>:1:1: undeclared reference to 'nothing' (in container '')\n | nothing == 1\n | ^"],
    ['"cel." + cel.bind(n, "a", n)', `ERROR: <input>:1:10: undeclared reference to 'cel' (in container '')\n | "cel." + cel.bind(n, "a", n)\n | .........^`],
    ["'a' + 1 == 'b'", "ERROR: <input>:1:1: found no matching overload for '_+_' applied to '(string, int)'\n | 'a' + 1 == 'b'\n | ^"],
    ['object.frobnicate()', "ERROR: <input>:1:1: undeclared reference to 'frobnicate' (in container '')\n | object.frobnicate()\n | ^"],
  ])('%s is refused in cel-go’s words', (expression, words) => { expect(run(expression)).toBe(words); });

  it.each([['aGk=', true], ['a-b=', 'error: Invalid byte formatted string a-b=: illegal base64 data']])('reads bytes: %s', (text, outcome) => expect(run("self == b'hi'", { self: { type: 'string', format: 'byte' } }, { self: text })).toBe(outcome));

  it('refuses what would depend on the machine', () => {
    for (const call of ['getDayOfYear()', "getHours('Europe/Berlin')"]) expect(run(`timestamp("2026-01-02T00:00:00Z").${call} == 1`)).toContain('time zones and the day of the year are not modelled');
    expect(run('timestamp("2026-01-02T03:00:00Z").getHours()')).toBe(3);
  });

  it('reads what a schema says', () => {
    const self = { type: 'object', properties: { weight: { type: 'number' }, 'max-size': { type: 'integer' }, from: { type: 'string', format: 'date-time' }, namespace: { type: 'string' } } } as const;
    const values = { self: { weight: 2, 'max-size': 3, from: '2026-01-01T00:00:00Z', namespace: 'x' } };
    expect(run('self.weight / 4.0 == 0.5 && self.max__dash__size == 3 && self.from < timestamp("2026-02-01T00:00:00Z") && self.__namespace__ == "x"', { self }, values)).toBe(true);
  });

  it('works a lazy entry out once, and only when it is asked for', () => {
    let asked = 0;
    const variables = cel.lazily({ count: () => { asked += 1; return { value: 3 }; }, broken: () => ({ error: 'no such key: x' }) });
    expect(run('variables.count + variables.count', names, { object, variables })).toBe(6);
    expect(run('variables.count > 1 || variables.broken', names, { object, variables })).toBe(true);
    expect(run('variables.broken', names, { object, variables })).toBe('error: no such key: x');
    expect(asked).toBe(1);
  });

  it('does not take what every object inherits for a field', () => {
    expect(run('has(object.constructor) || has(object.toString) || has(object.__proto__)')).toBe(false);
  });
});

describe('what Kubernetes adds', () => {
  it.each([
    ['[1, 2, 3].isSorted() && ["b", "a"].isSorted() == false', true], ['[1, 2, 3].sum()', 6], ['object.spec.ports.max()', 443], ['[3, 1, 2].min()', 1], ['["a", "b", "a"].lastIndexOf("a")', 2], ['["a"].indexOf("z")', -1],
    ['sets.contains([1, 2, 3], [2]) && sets.equivalent([1, 1], [1]) && !sets.intersects([1], [2])', true],
    ['"abc 123 45".find("[0-9]+")', '123'], ['"abc 123 45".findAll("[0-9]+")', ['123', '45']], ['"a-b-c".replace("-", "+", 1)', 'a+b-c'], ['"abc".charAt(1) + "abc".reverse()', 'bcba'],
    ['quantity("128Mi").isLessThan(quantity("1Gi"))', true], ['quantity("1500m").isInteger()', false], ['quantity("2Ki").asInteger()', 2048], ['quantity("50k").add(20).compareTo(quantity("50020"))', 0],
    ['quantity("1").sub(quantity("500m")).asApproximateFloat()', 0.5], ['isQuantity("1.5.0")', false], ['quantity("1Ki") == quantity("1024") && quantity("1") != quantity("2")', true], ['ip("::1") == ip("0:0:0:0:0:0:0:1")', true], ['quantity("-3").sign()', -1],
    ['object.spec.containers.filter(c, has(c.resources)).all(c, quantity(c.resources.limits.memory).compareTo(quantity("100Mi")) > 0)', true],
    ['url("https://user@example.com:80/a%20b?x=1&x=2").getHost()', 'example.com:80'], ['url("https://example.com/a%20b?x=1&x=2").getQuery()["x"]', ['1', '2']], ['url("https://[::1]:80/").getHostname()', '::1'], ['isURL("../a")', false],
    ['ip("192.168.0.1").family() == 4 && ip("::1").isLoopback() && isIP("::ffff:1.2.3.4") == false', true], ['ip.isCanonical("2001:DB8::1")', false], ['["10.0.0.1"].all(ip, isIP(ip))', true],
    ['cidr("192.168.0.0/24").containsIP("192.168.0.1") && cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16")', true], ['string(cidr("192.168.1.7/24").masked())', '192.168.1.0/24'], ['cidr("fd00::/8").prefixLength()', 8],
    ['semver("1.2.3").isLessThan(semver("1.10.0")) && semver("1.0.0-rc.1").isLessThan(semver("1.0.0")) && isSemver("v1") == false', true], ['semver("v1.2", true).minor()', 2],
    ['!format.dns1123Label().validate("web").hasValue()', true], ['format.named("dns1123Label").value().validate("Web").value().size()', 1],
    ['strings.quote("a\\"b")', '"a\\"b"'],
  ])('%s', (expression, value) => { expect(run(expression)).toEqual(value); });

  it.each([
    ['quantity("1x") == quantity("1")', "error: quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['"a".find("(?=b)")', 'error: error parsing regexp: `(?=b)`'], ['[].min() == 1', 'error: min called on empty list'],
  ])('%s is refused', (expression, words) => { expect(run(expression)).toBe(words); });
});

describe('what mutations are written with', () => {
  const outcome = (expression: string): unknown => {
    const program = cel.compile(expression, names, true);
    if (isCompileError(program)) return program.compileError;
    const { value, error } = program.evaluate({ object, oldObject: null, variables: {} }) as { value?: unknown; error?: string };
    return error ?? value;
  };
  it.each<[string, unknown]>([
    ['Object{}', {}], ['Object{spec: Object.spec{replicas: object.spec.replicas + 1, nodes: ["a", "b"]}}', { spec: { replicas: 6, nodes: ['a', 'b'] } }],
    ['Object{metadata: Object.metadata{annotations: {"a.b/c": "}", "d": "e"}}} // {', { metadata: { annotations: { 'a.b/c': '}', d: 'e' } } }],
    ['Object{spec: Object.spec{?a: object.metadata.?labels["app"], ?b: object.?missing}}', { spec: { a: 'web' } }],
    ['object.spec.replicas > 3 ? Object{spec: Object.spec{replicas: 3}} : Object{}', { spec: { replicas: 3 } }],
    ['object.spec.ports.map(p, JSONPatch{op: "add", path: "/x/" + jsonpatch.escapeKey("a/b~"), value: p})', [{ op: 'add', path: '/x/a~1b~0', value: 80 }, { op: 'add', path: '/x/a~1b~0', value: 443 }]],
    ['[JSONPatch{op: "add", path: "/c/-", value: Object.spec.containers{name: "x", ports: [Object.spec.containers.ports{containerPort: 1}]}}]', [{ op: 'add', path: '/c/-', value: { name: 'x', ports: [{ containerPort: 1 }] } }]],
    ['JSONPatch{op: "add"}.op', 'add'],
    ['Object{spec: Object.specx{a: 1}}', 'type mismatch: unexpected type name "Object.specx", expected "Object.spec", which matches field name path from root Object type'],
    ['Thing{a: 1}', "ERROR: <input>:1:1: undeclared reference to 'Thing' (in container '')\n | Thing{a: 1}\n | ^"],
    ['[JSONPatch{opp: "add"}]', "ERROR: <input>:1:12: undefined field 'opp'\n | [JSONPatch{opp: \"add\"}]\n | ...........^"],
  ])('%s', (expression, value) => { expect(outcome(expression)).toEqual(value); });
  it('only they know them', () => { expect(run('jsonpatch.escapeKey("a")')).toContain("undeclared reference to 'jsonpatch'"); });
});
