import { PMap } from '../../simulation/collections/index.ts';
import { addInformer, call, createClient, dropInformer, lister, recordEvent, workQueue, type ClientIdentity, type ClientNews, type ClientState, type ElectionState, type WorkQueue } from '../../kubernetes/client-go/index.ts';
import { groupResource } from '../../kubernetes/api/index.ts';
import { note } from '../../simulation/process/effects.ts';
import type { Effect, Env, Outcome } from '../../simulation/process/process.ts';
import type { Answer, ControllerAbout, ControllerRequest, Followed, Listers, ObjectNews, SyncResult, Wanted } from './controller.ts';
import { kindsInUse } from '../../kubernetes/protocols/api.ts';
import { codeOf } from './controllers/late.ts';
import { controllers } from './controllers/registry.ts';
import { sharedInformers } from './informers.ts';

/** A key on which a controller is at work: its step, and the answers that have come. */
interface Run { readonly cause: number; readonly step: unknown; readonly open: number; readonly answers: readonly (Answer | undefined)[] }

/** One controller's queue, its private memory (undefined while it has heard nothing that concerns it) and what it works on. */
export interface ControllerState { readonly queue: WorkQueue; readonly memory: unknown; readonly running: PMap<string, Run> }

/** Everything the process knows. */
export interface ManagerState {
  readonly apiServer: string;
  readonly clusterCidr: string;
  readonly client: ClientState;
  readonly election: ElectionState;
  /** In the order of the registry. */
  readonly controllers: readonly ControllerState[];
}

interface CallTag { readonly controller: number; readonly key: string; readonly index: number }

const userAgent = 'kube-controller-manager/v1.36.0 (linux/amd64) kubernetes';

const identities: Readonly<Record<string, ClientIdentity>> = Object.fromEntries(controllers.map(({ name, serviceAccount, limit }) => [
  name, { user: `system:serviceaccount:kube-system:${serviceAccount}`, userAgent: `${userAgent}/system:serviceaccount:kube-system:${serviceAccount}`, ...(limit ?? { qps: 20, burst: 30 }) },
]));

const listeners = new Map<string, readonly number[]>(sharedInformers.map(({ resource }) => [
  resource, controllers.flatMap((controller, index) => ((controller.resources as readonly string[]).includes(resource) ? [index] : [])),
]));

/** Those who follow more than the shared informers tell. */
const followers = controllers.flatMap(({ followsMore }, index) => (followsMore === true ? [index] : []));

/** The key under which one that sleeps learns that there is something for it to do. */
const wakeKey = 'its kind is in use';

/** A client with the shared informers and one identity per controller. */
export function newClient(apiServer: string): ClientState {
  return createClient({ apiServer, user: 'system:kube-controller-manager', userAgent: `${userAgent}/shared-informers`, qps: 20, burst: 30, informers: sharedInformers, identities });
}

/** Controllers that have heard nothing yet. */
export function freshControllers(): readonly ControllerState[] {
  return controllers.map((controller) => ({ queue: workQueue.createQueue(controller.name), memory: 'memory' in controller && controller.awakenedBy === undefined ? codeOf(controller).memory() : undefined, running: PMap() }));
}

/** What is on the desk during one step: the parts of the state that change, and the effects so far. Never kept. */
export class Desk {
  client: ClientState;
  readonly effects: Effect[] = [];
  private readonly states: ControllerState[];
  private readonly state: ManagerState;
  private readonly env: Env;
  private readonly list: Listers;

  constructor(state: ManagerState, env: Env) {
    this.state = state;
    this.env = env;
    this.client = state.client;
    this.states = state.controllers.slice();
    this.list = (resource) => lister(this.client, resource);
  }

  /** The state after this step. */
  result(): ManagerState {
    return { ...this.state, client: this.client, controllers: this.states };
  }

  /** Tell the controllers that listen to this resource. */
  tell(news: ObjectNews): void {
    for (const index of listeners.get(news.resource) ?? followers) {
      const before = this.states[index]!;
      const controller = controllers[index]!;
      if (before.memory === undefined && controller.awakenedBy !== undefined) {
        if (news.resource === kindsInUse.resource && controller.awakenedBy.some((kind) => groupResource(kind) === news.object.metadata.name)) this.want(index, wakeKey, news.cause);
        continue;
      }
      this.tellOne(index, controller, news);
    }
  }

  private tellOne(index: number, controller: ControllerAbout, news: ObjectNews): void {
    const before = this.states[index]!;
    const code = codeOf(controller);
    const reaction = code.react(news, { list: this.list, memory: before.memory === undefined ? code.memory() : before.memory, nowUs: this.env.nowUs });
    if (reaction === undefined) return;
    if (reaction.memory !== undefined) this.states[index] = { ...before, memory: reaction.memory };
    if (reaction.keys !== undefined) for (const wanted of reaction.keys) this.want(index, wanted, news.cause);
  }

  /** There is something for it to do. What another has followed before it is told to it now. */
  private wake(index: number, controller: ControllerAbout, cause: number): SyncResult<unknown, unknown> {
    this.states[index] = { ...this.states[index]!, memory: codeOf(controller).memory() };
    for (const kind of controller.awakenedBy!) {
      const resource = groupResource(kind);
      if (!this.isFollowed(kind)) continue;
      for (const object of this.list(resource as Parameters<Listers>[0]).all()) this.tellOne(index, controller, { type: 'added', resource, object, cause });
    }
    return { follow: [...controller.alsoFollows ?? [], ...controller.awakenedBy!] };
  }

  /** Begin work: the caches are filled. */
  open(cause: number): void {
    controllers.forEach((controller, index) => { for (const key of controller.startsWith ?? []) this.want(index, key, cause); });
  }

  /** A key's timer has fired. */
  fire(queue: string, key: string): void {
    const index = controllers.findIndex((controller) => controller.name === queue);
    if (index >= 0) this.enqueue(index, workQueue.fire(this.states[index]!.queue, key, this.env.eventId));
  }

  /** A call has been answered; when it was the last of its step, the next step is taken. */
  answer(news: ClientNews & { readonly type: 'answer' }): void {
    const { controller: index, key, index: slot } = news.tag as CallTag;
    const before = this.states[index]!;
    const run = before.running.get(key);
    if (run === undefined) return;
    const answers = run.answers.slice();
    answers[slot] = { ok: news.ok, code: news.code, body: news.body };
    const open = run.open - 1;
    if (open > 0) this.states[index] = { ...before, running: before.running.set(key, { ...run, open, answers }) };
    else this.sync(index, key, this.env.eventId, run.step, answers as readonly Answer[]);
  }

  /** Work on whatever is ready, as far as each controller's workers reach. */
  drain(): void {
    for (let index = 0; index < controllers.length; index++) {
      const { concurrency } = controllers[index]!;
      while (this.states[index]!.queue.ready.size > 0 && this.states[index]!.running.size < concurrency) {
        const before = this.states[index]!;
        const taken = workQueue.take(before.queue)!;
        this.states[index] = { ...before, queue: taken.queue };
        this.sync(index, taken.key, taken.cause, undefined, []);
      }
    }
  }

  private enqueue(index: number, queue: WorkQueue): void {
    const before = this.states[index]!;
    if (queue !== before.queue) this.states[index] = { ...before, queue };
  }

  private want(index: number, wanted: Wanted, cause: number): void {
    const { queue } = this.states[index]!;
    if (typeof wanted === 'string') { this.enqueue(index, workQueue.add(queue, wanted, cause)); return; }
    const [next, effects] = 'cancel' in wanted
      ? workQueue.cancel(queue, wanted.key)
      : workQueue.addAfter(queue, wanted.key, wanted.afterUs, this.env.nowUs, { cause, background: wanted.background ?? false });
    this.enqueue(index, next);
    this.effects.push(...effects);
  }

  private sync(index: number, key: string, cause: number, step: unknown, answers: readonly Answer[]): void {
    const controller = controllers[index]!;
    const before = this.states[index]!;
    const code = codeOf(controller);
    const result = key === wakeKey ? this.wake(index, controller, cause) : code.sync({
      key, nowUs: this.env.nowUs, list: this.list, memory: before.memory === undefined ? code.memory() : before.memory, step, answers, clusterCidr: this.state.clusterCidr,
      random: (bound) => this.env.random(controller.name, bound),
    });
    this.report(controller, result, cause);
    if (result.follow !== undefined) this.follow(result.follow);
    for (const name of result.unfollow ?? []) this.takeOver(dropInformer(this.client, name));
    if (result.keys !== undefined) for (const wanted of result.keys) this.want(index, wanted, cause);
    const after = this.states[index]!;
    const memory = result.memory === undefined ? after.memory : result.memory;
    const { requests } = result;
    if (requests === undefined || requests.length === 0) { this.finish(index, key, cause, { ...after, memory }, result); return; }
    const run: Run = { cause, step: result.next, open: requests.length, answers: requests.map(() => undefined) };
    this.states[index] = { ...after, memory, running: after.running.set(key, run) };
    for (let slot = 0; slot < requests.length; slot++) this.send(requests[slot]!, { controller: index, key, index: slot }, controller.name, cause);
  }

  private follow(resources: readonly Followed[]): void {
    for (const kind of resources) {
      const { group, version, resource } = kind;
      if (this.isFollowed(kind)) continue;
      this.takeOver(addInformer(this.client, { group, version, resource, name: groupResource({ group, resource }) }));
    }
  }

  private isFollowed({ group, resource }: Followed): boolean {
    return this.client.informers.some(({ spec, phase }) => spec.resource === resource && spec.group === group && phase !== 'idle');
  }

  private takeOver([client, effects]: Outcome<ClientState>): void {
    this.client = client;
    this.effects.push(...effects);
  }

  private send(request: ControllerRequest, tag: CallTag, as: string, cause: number): void {
    const { background, ...rest } = request;
    this.takeOver(call(this.client, this.env, rest, { tag, cause, as, background: background ?? false }));
  }

  private report(controller: ControllerAbout, result: SyncResult<unknown, unknown>, cause: number): void {
    // A decision is news, even where a look around on a timer led to it.
    for (const remark of result.notes ?? []) this.effects.push(note({ background: false, ...remark }));
    for (const event of result.events ?? []) {
      this.takeOver(recordEvent(this.client, this.env, { ...event, component: controller.component, as: controller.name, cause }));
    }
  }

  private finish(index: number, key: string, cause: number, state: ControllerState, result: SyncResult<unknown, unknown>): void {
    let { queue } = state;
    const nowUs = this.env.nowUs;
    if (result.error !== undefined) {
      const [next, effects] = workQueue.addRateLimited(queue, key, nowUs, cause, controllers[index]!.backOff);
      queue = next;
      this.effects.push(note({ name: 'sync-failed', text: `${controllers[index]!.name}: ${key}: ${result.error}` }), ...effects);
    } else queue = workQueue.forget(queue, key);
    if (result.requeueAfterUs !== undefined) {
      const [next, effects] = workQueue.addAfter(queue, key, result.requeueAfterUs, nowUs, { cause, background: result.requeueInBackground ?? false });
      queue = next;
      this.effects.push(...effects);
    }
    this.states[index] = { ...state, queue: workQueue.done(queue, key), running: state.running.delete(key) };
  }
}
