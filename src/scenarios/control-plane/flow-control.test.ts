import { beforeAll, describe, expect, test } from 'vitest';
import '../../kubernetes/kept-kinds.ts';
import type { PriorityLevelSpec } from '../../kubernetes/api/flow-control.ts';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { ObjectList } from '../../kubernetes/protocols/api.ts';
import { tableOf } from '../../kubernetes/printers/table.ts';
import { Bench } from './bench.ts';

const schemas = { group: 'flowcontrol.apiserver.k8s.io', version: 'v1', resource: 'flowschemas' } as const;
const levels = { ...schemas, resource: 'prioritylevelconfigurations' } as const;
const schema = (name: string, spec: object) => ({ apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'FlowSchema', metadata: { name }, spec: { priorityLevelConfiguration: { name: 'workload-low' }, rules: [rule], ...spec } });
const level = (name: string, spec: object) => ({ apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'PriorityLevelConfiguration', metadata: { name }, spec });
const rule = { subjects: [{ kind: 'User', user: { name: 'jane' } }], resourceRules: [{ verbs: ['get'], apiGroups: ['*'], resources: ['pods'], namespaces: ['default'] }] };
const limited = (more: object) => ({ type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: {} }, ...more } });

let bench: Bench;
beforeAll(() => { bench = new Bench(); });

describe('every cluster has', () => {
  test('flow schemas, in the order in which they are tried', () => {
    const { items } = bench.object<ObjectList>({ verb: 'list', ...schemas });
    expect(tableOf('flowschemas', items, 0, {}).rows.map(({ cells }) => cells.slice(0, 4).join(' '))).toEqual([
      'exempt exempt 1 <none>', 'probes exempt 2 <none>', 'system-leader-election leader-election 100 ByUser', 'system-node-high node-high 400 ByUser', 'system-nodes system 500 ByUser',
      'kube-controller-manager workload-high 800 ByNamespace', 'kube-scheduler workload-high 800 ByNamespace', 'kube-system-service-accounts workload-high 900 ByNamespace', 'service-accounts workload-low 9000 ByUser',
      'global-default global-default 9900 ByUser', 'catch-all catch-all 10000 ByUser',
    ]);
    expect(items[0]!.metadata).toMatchObject({ generation: 1, annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' }, managedFields: [{ manager: 'api-priority-and-fairness-config-producer-v1', operation: 'Update' }] });
  });
  test('priority levels', () => {
    const { items } = bench.object<ObjectList>({ verb: 'list', ...levels });
    expect(tableOf('prioritylevelconfigurations', items, 0, {}).rows.map(({ cells }) => cells.slice(0, 6).join(' '))).toEqual([
      'catch-all Limited 5 <none> <none> <none>', 'exempt Exempt <none> <none> <none> <none>', 'global-default Limited 20 128 6 50', 'leader-election Limited 10 16 4 50',
      'node-high Limited 40 64 6 50', 'system Limited 30 64 6 50', 'workload-high Limited 40 128 6 50', 'workload-low Limited 100 128 6 50',
    ]);
  });
});

test('what is not said is filled in', () => {
  expect(bench.object({ verb: 'create', ...schemas, body: schema('plain', {}) }).spec).toMatchObject({ matchingPrecedence: 1000 });
  expect(bench.object<KubeObject & { spec: PriorityLevelSpec }>({ verb: 'create', ...levels, body: level('plain', limited({})) }).spec).toEqual({
    type: 'Limited', limited: { nominalConcurrencyShares: 30, lendablePercent: 0, limitResponse: { type: 'Queue', queuing: { queues: 64, handSize: 8, queueLengthLimit: 50 } } },
  });
});

test.each<[string, object, string]>([
  ['a precedence of the exempt', { matchingPrecedence: 1 }, "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1"],
  ['a precedence behind the last', { matchingPrecedence: 10_001 }, 'spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000'],
  ['no level', { priorityLevelConfiguration: { name: '' } }, 'spec.priorityLevelConfiguration.name: Required value: must reference a priority level'],
  ['nobody', { rules: [{ ...rule, subjects: [] }] }, 'spec.rules[0].subjects: Required value: subjects must contain at least one value'],
  ['nothing', { rules: [{ subjects: rule.subjects }] }, 'spec.rules[0]: Required value: at least one of resourceRules and nonResourceRules has to be non-empty'],
  ['somebody else', { rules: [{ ...rule, subjects: [{ kind: 'User', user: { name: 'jane' }, group: { name: 'all' } }] }] }, "spec.rules[0].subjects[0].group: Forbidden: group is forbidden when subject kind is not 'Group'"],
  ['an account of nowhere', { rules: [{ ...rule, subjects: [{ kind: 'ServiceAccount', serviceAccount: { name: 'a' } }] }] }, 'spec.rules[0].subjects[0].serviceAccount.namespace: Required value: must specify namespace for service account'],
  ['more than all verbs', { rules: [{ ...rule, resourceRules: [{ ...rule.resourceRules[0], verbs: ['*', 'get'] }] }] }, "spec.rules[0].resourceRules[0].verbs: Invalid value: [\"*\",\"get\"]: if '*' is present, must not specify other verbs"],
  ['an odd namespace', { rules: [{ ...rule, resourceRules: [{ ...rule.resourceRules[0], namespaces: ['A'] }] }] }, "spec.rules[0].resourceRules[0].namespaces[0]: Invalid value: \"A\": each member of this list must be '*' or a DNS-1123 label; a lowercase RFC 1123 label must consist of"],
  ['an odd path', { rules: [{ subjects: rule.subjects, nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/a*'] }] }] }, 'spec.rules[0].nonResourceRules[0].nonResourceURLs[0]: Invalid value: "/a*": wildcard can only do suffix matching'],
])('a flow schema with %s is refused', (_, spec, words) => expect(bench.refusal({ verb: 'create', ...schemas, body: schema('bad', spec) })).toContain(`422 FlowSchema.flowcontrol.apiserver.k8s.io "bad" is invalid: ${words}`));

test.each<[string, object, string]>([
  ['that is exempt', { type: 'Exempt' }, "spec.type: Invalid value: \"Exempt\": must be 'Exempt' if and only if `name` is 'exempt'"],
  ['without limits', { type: 'Limited' }, 'spec.limited: Required value: must not be empty when type is Limited'],
  ['with shares below nothing', limited({ nominalConcurrencyShares: -1 }), 'spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer'],
  ['that lends too much', limited({ lendablePercent: 101 }), 'spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive'],
  ['with queues that it refuses to use', { type: 'Limited', limited: { limitResponse: { type: 'Reject', queuing: {} } } }, 'spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited'],
  ['with too large a hand', limited({ limitResponse: { type: 'Queue', queuing: { queues: 4, handSize: 5 } } }), 'spec.limited.limitResponse.queuing.handSize: Invalid value: 5: should not be greater than queues (4)'],
  ['with too many hands', limited({ limitResponse: { type: 'Queue', queuing: { queues: 1024, handSize: 7 } } }), 'spec.limited.limitResponse.queuing.handSize: Invalid value: 7: required entropy bits of deckSize 1024 and handSize 7 should not be greater than 60'],
])('a priority level %s is refused', (_, spec, words) => expect(bench.refusal({ verb: 'create', ...levels, body: level('bad', spec) })).toBe(`422 PriorityLevelConfiguration.flowcontrol.apiserver.k8s.io "bad" is invalid: ${words}`));

test('those that must be stay as they are', () => {
  const change = (asked: typeof schemas | typeof levels, name: string, spec: object) => ({ verb: 'patch', ...asked, name, patchType: 'application/merge-patch+json', body: { spec } }) as const;
  expect(bench.refusal(change(schemas, 'catch-all', { matchingPrecedence: 9000 }))).toContain("spec of 'catch-all' must equal the fixed value");
  expect(bench.refusal(change(levels, 'exempt', { type: 'Limited', exempt: null, limited: { limitResponse: { type: 'Reject' } } }))).toContain("spec of 'exempt' except the 'spec.exempt' field must equal the fixed value");
  expect(bench.object(change(levels, 'exempt', { exempt: { nominalConcurrencyShares: 7 } })).spec).toMatchObject({ exempt: { nominalConcurrencyShares: 7 } });
});
