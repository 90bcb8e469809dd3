/** Flow schemas and priority levels: their specs, and those that every cluster has. Models pkg/apis/flowcontrol/types.go and staging/src/k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap/default.go. */
import type { KubeObject } from './meta-v1.ts';

export interface FlowSubject {
  readonly kind: string;
  readonly user?: { readonly name?: string };
  readonly group?: { readonly name?: string };
  readonly serviceAccount?: { readonly name?: string; readonly namespace?: string };
}
export interface FlowResourceRule { readonly verbs?: readonly string[]; readonly apiGroups?: readonly string[]; readonly resources?: readonly string[]; readonly clusterScope?: boolean; readonly namespaces?: readonly string[] }
export interface FlowPathRule { readonly verbs?: readonly string[]; readonly nonResourceURLs?: readonly string[] }
export interface FlowRules { readonly subjects?: readonly FlowSubject[]; readonly resourceRules?: readonly FlowResourceRule[]; readonly nonResourceRules?: readonly FlowPathRule[] }
export interface FlowSchemaSpec {
  readonly priorityLevelConfiguration: { readonly name: string };
  readonly matchingPrecedence?: number;
  readonly distinguisherMethod?: { readonly type: string };
  readonly rules?: readonly FlowRules[];
}

export interface Queuing { readonly queues?: number; readonly handSize?: number; readonly queueLengthLimit?: number }
export interface LimitedLevel { readonly nominalConcurrencyShares?: number; readonly lendablePercent?: number; readonly borrowingLimitPercent?: number; readonly limitResponse?: { readonly type?: string; readonly queuing?: Queuing } }
export interface PriorityLevelSpec { readonly type?: string; readonly limited?: LimitedLevel; readonly exempt?: { readonly nominalConcurrencyShares?: number; readonly lendablePercent?: number } }

type Named<S> = Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'> & { readonly spec: S };
const of = <S>(kind: string) => (name: string, spec: S): Named<S> => ({ apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind, metadata: { name, annotations: { 'apf.kubernetes.io/autoupdate-spec': 'true' } } as KubeObject['metadata'], spec });

const level = of<PriorityLevelSpec>('PriorityLevelConfiguration');
const queued = (name: string, shares: number, lendable: number, queues: number, handSize: number) =>
  level(name, { type: 'Limited', limited: { nominalConcurrencyShares: shares, limitResponse: { type: 'Queue', queuing: { queues, handSize, queueLengthLimit: 50 } }, lendablePercent: lendable } });

const exemptLevel = level('exempt', { type: 'Exempt', exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } });
const lastLevel = level('catch-all', { type: 'Limited', limited: { nominalConcurrencyShares: 5, limitResponse: { type: 'Reject' }, lendablePercent: 0 } });

export const priorityLevels: readonly Named<PriorityLevelSpec>[] = [
  queued('system', 30, 33, 64, 6), queued('node-high', 40, 25, 64, 6), queued('leader-election', 10, 0, 16, 4), queued('workload-high', 40, 50, 128, 6), queued('workload-low', 100, 90, 128, 6),
  queued('global-default', 20, 50, 128, 6), exemptLevel, lastLevel,
];

const groups = (...names: readonly string[]): readonly FlowSubject[] => names.map((name) => ({ kind: 'Group', group: { name } }));
const users = (...names: readonly string[]): readonly FlowSubject[] => names.map((name) => ({ kind: 'User', user: { name } }));
const systemAccounts: FlowSubject = { kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: 'kube-system' } };
const everybody = groups('system:unauthenticated', 'system:authenticated');
const nodes = groups('system:nodes');
const resources = (verbs: readonly string[], apiGroups: readonly string[], names: readonly string[], clusterScope: boolean): FlowResourceRule => ({ verbs, apiGroups, resources: names, ...(clusterScope ? { clusterScope } : {}), namespaces: ['*'] });
const everything = { resourceRules: [resources(['*'], ['*'], ['*'], true)], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }] };

const schema = of<FlowSchemaSpec>('FlowSchema');
const flow = (name: string, to: string, matchingPrecedence: number, by: '' | 'ByUser' | 'ByNamespace', subjects: readonly FlowSubject[], rules: Omit<FlowRules, 'subjects'> = everything) =>
  schema(name, { priorityLevelConfiguration: { name: to }, matchingPrecedence, ...(by === '' ? {} : { distinguisherMethod: { type: by } }), rules: [{ subjects, ...rules }] });

const exemptSchema = flow('exempt', 'exempt', 1, '', groups('system:masters'));
const lastSchema = flow('catch-all', 'catch-all', 10_000, 'ByUser', everybody);

export const flowSchemas: readonly Named<FlowSchemaSpec>[] = [
  flow('system-nodes', 'system', 500, 'ByUser', nodes),
  flow('system-node-high', 'node-high', 400, 'ByUser', nodes, { resourceRules: [resources(['*'], [''], ['nodes', 'nodes/status'], true), resources(['*'], ['coordination.k8s.io'], ['leases'], false)] }),
  flow('probes', 'exempt', 2, '', everybody, { nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/readyz', '/livez'] }] }),
  flow('system-leader-election', 'leader-election', 100, 'ByUser', [...users('system:kube-controller-manager', 'system:kube-scheduler'), systemAccounts], { resourceRules: [resources(['get', 'create', 'update'], ['coordination.k8s.io'], ['leases'], false)] }),
  flow('kube-controller-manager', 'workload-high', 800, 'ByNamespace', users('system:kube-controller-manager')),
  flow('kube-scheduler', 'workload-high', 800, 'ByNamespace', users('system:kube-scheduler')),
  flow('kube-system-service-accounts', 'workload-high', 900, 'ByNamespace', [systemAccounts]),
  flow('service-accounts', 'workload-low', 9000, 'ByUser', groups('system:serviceaccounts')),
  flow('global-default', 'global-default', 9900, 'ByUser', everybody),
  exemptSchema, lastSchema,
];

/** Those that nobody may change. */
export const mandatorySchemas = [exemptSchema, lastSchema];
export const mandatoryLevels = [exemptLevel, lastLevel];
