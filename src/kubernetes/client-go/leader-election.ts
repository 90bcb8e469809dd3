import type { KubeObject, Lease } from '../api/index.ts';
import { clearTimer, setTimer } from '../../simulation/process/effects.ts';
import type { Effect, Env, ProcessEvent, SimTime } from '../../simulation/process/process.ts';
import { formatMicroTime } from '../apimachinery/time.ts';
import { call, recordEvent } from './client.ts';
import type { ClientNews, ClientState } from './client-state.ts';

/** Models staging/src/k8s.io/component-base/config/v1alpha1/defaults.go: leases of 15 s, given up after 10 s without renewal, tried every 2 s. */
const leaseDurationSeconds = 15;
const leaseDurationUs = 15_000_000;
const renewDeadlineUs = 10_000_000;
const retryPeriodUs = 2_000_000;
/** A standby waits up to 1.2 times longer than the period, so that rivals do not ask in step. */
const standbyJitterUs = 2_400_000;

const retryTimer = 'election/retry';
const deadlineTimer = 'election/deadline';
type Step = 'get' | 'create' | 'update';

/** One candidate for a seat that a Lease stands for. Models client-go/tools/leaderelection/leaderelection.go. */
export interface ElectionState {
  readonly lease: string;
  readonly namespace: string;
  readonly identity: string;
  readonly component: string;
  readonly leading: boolean;
  /** The Lease as last seen, and when this candidate saw its holder or renewal change: nobody trusts another's clock. */
  readonly observed: Lease | undefined;
  readonly observedAtUs: SimTime;
  /** Number of the attempt under way; answers to older attempts are ignored. */
  readonly attempt: number;
  readonly asking: boolean;
}

interface ElectionTag { readonly election: string; readonly step: Step; readonly attempt: number }

/** What one step of an election leaves behind; the chart asks `election.leading`. */
export interface ElectionStep { readonly election: ElectionState; readonly client: ClientState; readonly effects: readonly Effect[] }

/** `identity` is upstream's `<host>_<uuid>`. */
export function createElection(options: { readonly lease: string; readonly identity: string; readonly component: string; readonly namespace?: string }): ElectionState {
  return {
    lease: options.lease, namespace: options.namespace ?? 'kube-system', identity: options.identity, component: options.component,
    leading: false, observed: undefined, observedAtUs: 0, attempt: 0, asking: false,
  };
}

/** A candidate's name: the host it runs on and a random part, so that a restarted process is a new candidate. */
export function electionIdentity(env: Env): string {
  const hex = (digits: number) => Array.from({ length: digits }, () => env.random('election-identity', 16).toString(16)).join('');
  return `${env.self.slice(0, env.self.indexOf('/'))}_${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}

/** Begin to stand for election. */
export function startElection(election: ElectionState, client: ClientState, env: Env): ElectionStep {
  return attempt(election, client, env);
}

/** Whether a timer or an answer is the election's. */
export function ownsElectionEvent(event: ProcessEvent): boolean {
  return event.kind === 'timer' && event.type.startsWith('timer.election.');
}

/** Whether an answer belongs to this election. */
export function isElectionAnswer(news: ClientNews): boolean {
  return news.type === 'answer' && typeof news.tag === 'object' && news.tag !== null && (news.tag as Partial<ElectionTag>).election !== undefined;
}

/** Take a `timer.election.*`: try again, or give the seat up because the deadline for renewing it has passed. */
export function stepElectionTimer(election: ElectionState, client: ClientState, event: ProcessEvent): ElectionStep {
  if (event.id !== deadlineTimer) return attempt(election, client, event.env);
  if (!election.leading) return { election, client, effects: [] };
  const lost: ElectionState = { ...election, leading: false, asking: false, attempt: election.attempt + 1 };
  const told = report(lost, client, event.env, 'stopped leading');
  return { election: lost, client: told.client, effects: [...told.effects, retry(lost, event.env)] };
}

/** Models leaderelection.go: tryAcquireOrRenew. A leader writes at once on top of what it wrote last; everyone else reads first. */
function attempt(election: ElectionState, client: ClientState, env: Env): ElectionStep {
  const next: ElectionState = { ...election, attempt: election.attempt + 1, asking: true };
  const stillOurs = next.leading && next.observed !== undefined && next.observedAtUs + leaseDurationUs > env.nowUs;
  return stillOurs ? write(next, client, env, next.observed!) : ask(next, client, env, 'get');
}

function ask(election: ElectionState, client: ClientState, env: Env, step: Step, body?: Lease): ElectionStep {
  const tag: ElectionTag = { election: election.lease, step, attempt: election.attempt };
  const [next, effects] = call(client, env, {
    verb: step, group: 'coordination.k8s.io', version: 'v1', resource: 'leases', namespace: election.namespace,
    ...(step === 'create' ? {} : { name: election.lease }), ...(body === undefined ? {} : { body }),
  }, { tag, background: true, limited: false });
  return { election, client: next, effects };
}

function write(election: ElectionState, client: ClientState, env: Env, lease: Lease): ElectionStep {
  const now = formatMicroTime(env.nowUs);
  const held = lease.spec?.holderIdentity === election.identity;
  const transitions = lease.spec?.leaseTransitions ?? 0;
  return ask(election, client, env, 'update', {
    ...lease,
    spec: {
      holderIdentity: election.identity, leaseDurationSeconds, renewTime: now,
      acquireTime: held ? lease.spec?.acquireTime ?? now : now, leaseTransitions: held ? transitions : transitions + 1,
    },
  });
}

/** Take the answer to one of the election's own calls. */
export function stepElectionAnswer(election: ElectionState, client: ClientState, env: Env, news: ClientNews & { readonly type: 'answer' }): ElectionStep {
  const tag = news.tag as ElectionTag;
  if (tag.attempt !== election.attempt) return { election, client, effects: [] };
  if (tag.step === 'get') {
    if (news.code === 404) return ask(election, client, env, 'create', firstLease(election, env));
    if (!news.ok) return pause(election, client, env);
    const seen = observe(election, news.body as Lease, env);
    const holder = seen.observed?.spec?.holderIdentity ?? '';
    const heldByOther = holder !== '' && holder !== election.identity && seen.observedAtUs + (seen.observed?.spec?.leaseDurationSeconds ?? leaseDurationSeconds) * 1_000_000 > env.nowUs;
    return heldByOther ? stopLeading(seen, client, env) : write(seen, client, env, seen.observed!);
  }
  // The quick write of a leader was refused: read what the Lease says now, within the same attempt.
  if (!news.ok) return tag.step === 'update' && election.leading && news.code === 409 ? ask(election, client, env, 'get') : pause(election, client, env);
  const seen = observe(election, news.body as Lease, env);
  return lead(seen, client, env);
}

function firstLease(election: ElectionState, env: Env): Lease {
  const now = formatMicroTime(env.nowUs);
  return {
    apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: election.lease, namespace: election.namespace },
    spec: { holderIdentity: election.identity, leaseDurationSeconds, acquireTime: now, renewTime: now, leaseTransitions: 0 },
  };
}

function observe(election: ElectionState, lease: Lease, env: Env): ElectionState {
  const { observed } = election;
  const changed = observed?.spec?.renewTime !== lease.spec?.renewTime || observed?.spec?.holderIdentity !== lease.spec?.holderIdentity;
  return { ...election, observed: lease, observedAtUs: changed ? env.nowUs : election.observedAtUs };
}

function lead(election: ElectionState, client: ClientState, env: Env): ElectionStep {
  const deadline = setTimer(deadlineTimer, renewDeadlineUs, { name: 'election.deadline', background: true });
  const next: ElectionState = { ...election, leading: true, asking: false };
  if (election.leading) return { election: next, client, effects: [deadline, retry(next, env)] };
  const told = report(next, client, env, 'became leader');
  return { election: next, client: told.client, effects: [deadline, retry(next, env), ...told.effects] };
}

function stopLeading(election: ElectionState, client: ClientState, env: Env): ElectionStep {
  const next: ElectionState = { ...election, leading: false, asking: false };
  if (!election.leading) return { election: next, client, effects: [retry(next, env)] };
  const told = report(next, client, env, 'stopped leading');
  return { election: next, client: told.client, effects: [clearTimer(deadlineTimer), retry(next, env), ...told.effects] };
}

function pause(election: ElectionState, client: ClientState, env: Env): ElectionStep {
  const next: ElectionState = { ...election, asking: false };
  return { election: next, client, effects: [retry(next, env)] };
}

function retry(election: ElectionState, env: Env): Effect {
  const afterUs = election.leading ? retryPeriodUs : retryPeriodUs + env.random('election-jitter', standbyJitterUs);
  return setTimer(retryTimer, afterUs, { name: 'election.retry', background: true });
}

function report(election: ElectionState, client: ClientState, env: Env, what: string): { client: ClientState; effects: readonly Effect[] } {
  const regarding: KubeObject = election.observed ?? { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: election.lease, namespace: election.namespace } };
  const [next, effects] = recordEvent(client, env, {
    regarding, type: 'Normal', reason: 'LeaderElection', message: `${election.identity} ${what}`, component: election.component,
  });
  return { client: next, effects };
}
