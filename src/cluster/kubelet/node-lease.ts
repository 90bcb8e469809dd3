/** The node's heartbeat. Models staging/src/k8s.io/component-helpers/apimachinery/lease/controller.go. */
import type { Lease } from '../../kubernetes/api/index.ts';
import { formatMicroTime } from '../../kubernetes/apimachinery/index.ts';
import { call, type ClientNews } from '../../kubernetes/client-go/index.ts';
import { setTimer } from '../../simulation/process/effects.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import type { NodeRecord, Turn } from './kubelet-state.ts';

const renewEveryUs = 10_000_000;
const leaseSeconds = 40;

/** The tag of a call about the Lease; `attempt` counts the tries of one beat. */
export interface LeaseCallTag { readonly lease: 'get' | 'create' | 'renew'; readonly attempt: number }
type Answer = Extract<ClientNews, { type: 'answer' }>;

const set = (at: Turn, change: Partial<NodeRecord>): void => { at.state = { ...at.state, node: { ...at.state.node, ...change } }; };
const where = { group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespace: 'kube-node-lease' } as const;

/** Heartbeats have a client of their own, which is not limited. */
function ask(at: Turn, request: Omit<ApiRequest, 'user' | 'userAgent'>, tag: LeaseCallTag): void {
  const [client, effects] = call(at.state.client, at.env, request, { tag, background: true, limited: false });
  at.state = { ...at.state, client };
  at.effects.push(...effects);
}

/** Renew the Lease, or find or make it. The next beat is 10 seconds (and a little, other on each node) after the end of this one. */
export function renewLease(at: Turn): void {
  beat(at, 0);
}

function nextBeat(at: Turn): void {
  at.effects.push(setTimer('lease', renewEveryUs + at.env.random('kubelet/lease', 400_000), { background: true }));
}

function beat(at: Turn, attempt: number): void {
  const { node, input } = at.state;
  if (node.lease !== undefined) ask(at, { verb: 'update', ...where, name: input.node, body: leaseOf(at, node.lease) }, { lease: 'renew', attempt });
  else ask(at, { verb: 'get', ...where, name: input.node }, { lease: 'get', attempt });
}

function leaseOf(at: Turn, old: Lease | undefined): Lease {
  const { node, input } = at.state;
  const uid = node.node?.metadata.uid;
  return {
    apiVersion: 'coordination.k8s.io/v1', kind: 'Lease',
    metadata: {
      ...old?.metadata, name: input.node, namespace: where.namespace,
      ...(uid === undefined || old?.metadata.ownerReferences !== undefined ? {} : { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: input.node, uid }] }),
    },
    spec: { ...old?.spec, holderIdentity: input.node, leaseDurationSeconds: leaseSeconds, renewTime: formatMicroTime(at.env.nowUs) },
  };
}

/** Five more tries at once for a beat; while there is no Lease to renew, again and again after 200 ms doubling up to 7 s (upstream's backoffEnsureLease). */
export function leaseAnswered(at: Turn, { lease: made, attempt }: LeaseCallTag, answer: Answer): void {
  const { node, input } = at.state;
  if (answer.ok) {
    set(at, { lease: answer.body as Lease });
    if (made === 'get') beat(at, 0);
    else nextBeat(at);
  } else if (made === 'get' && answer.code === 404) ask(at, { verb: 'create', ...where, name: input.node, body: leaseOf(at, undefined) }, { lease: 'create', attempt });
  else if (made === 'renew' && answer.code !== 409) {
    if (attempt < 5) beat(at, attempt + 1);
    else nextBeat(at);
  } else {
    if (node.lease !== undefined) set(at, { lease: undefined });
    // A conflict is settled by reading the Lease again.
    if (answer.code === 409) beat(at, attempt + 1);
    else at.effects.push(setTimer('leaseAgain', Math.min(200_000 * 2 ** attempt, 7_000_000), { body: attempt + 1, background: true }));
  }
}

export function leaseAgain(at: Turn, attempt: number): void { beat(at, attempt); }
