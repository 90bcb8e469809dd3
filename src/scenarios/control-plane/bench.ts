/** A small world for the tests of kube-apiserver and etcd together: both, and a client that writes down what it hears. */
import '../../cluster/with-manifests.ts';
import { PMap } from '../../simulation/collections/index.ts';
import { programs } from '../../cluster/registry.ts';
import type { EtcdState } from '../../cluster/etcd/etcd-state.ts';
import type { ApiServerState } from '../../cluster/kube-apiserver/state.ts';
import type { KubeObject, Status } from '../../kubernetes/api/index.ts';
import type { ApiRequest, ApiResponse, ObjectList, WatchFrame } from '../../kubernetes/protocols/api.ts';
import { closeStream, openStream, request } from '../../simulation/process/effects.ts';
import type { Effect, Failure, ProcessDefinition, ProcessEvent } from '../../simulation/process/process.ts';
import { World } from '../../simulation/world.ts';
import type { Topology } from '../topologies/index.ts';

interface Heard { readonly answers: PMap<string, ApiResponse | string>; readonly frames: Readonly<Record<string, readonly string[]>>; readonly objects: Readonly<Record<string, readonly KubeObject[]>> }

const address = 'control-plane-1/kube-apiserver';
/** Sends what it is told to, and keeps every answer and frame. */
function step(heard: Heard, { type, id, body }: ProcessEvent): [Heard, readonly Effect[]] {
  if (type === 'test.ask') {
    const { id: ownId, request: asked, to } = body as { id: string; request: ApiRequest; to: string };
    return [heard, [asked.verb === 'watch' ? openStream(ownId, to, { type: 'api.watch', body: asked }) : request(ownId, to, { type: `api.${asked.verb}`, body: asked })]];
  }
  if (type === 'test.close') return [heard, [closeStream(body as string)]];
  if (type === 'api.response') return [{ ...heard, answers: heard.answers.set(id, body as ApiResponse) }, []];
  if (type === 'request.failed') return [{ ...heard, answers: heard.answers.set(id, (body as Failure).reason) }, []];
  const line = (text: string) => ({ ...heard.frames, [id]: [...(heard.frames[id] ?? []), text] });
  if (type === 'stream.closed') return [{ ...heard, frames: line(`CLOSED ${(body as Failure).reason}`) }, []];
  if (!type.startsWith('watch.')) return [heard, []];
  const { object } = body as WatchFrame;
  const text = object.kind === 'Status' ? `ERROR ${(object as Status).message}` : `${type.slice('watch.'.length).toUpperCase()} ${(object as KubeObject).metadata.name ?? ''}`.trim();
  return [{ ...heard, frames: line(text), objects: { ...heard.objects, [id]: [...(heard.objects[id] ?? []), object as KubeObject] } }, []];
}

const nobody: Heard = { answers: PMap(), frames: {}, objects: {} };
const client: ProcessDefinition<Heard> = {
  name: 'client',
  start: () => ({ snapshot: { value: 'listening', state: nobody }, effects: [] }),
  step(snapshot, event) {
    const [state, effects] = step(snapshot.state, event);
    return { snapshot: { value: 'listening', state }, effects };
  },
};

/** The world, with words for asking and for looking inside. */
export class Bench {
  readonly world: World;
  private asked = 0;
  constructor(seed = 1, withControllers = false, cluster?: Topology) {
    this.world = new World({
      seed,
      processes: cluster !== undefined ? [...cluster.processes, { address: 'outside/client', program: 'client', input: {} }] : [
        { address: 'control-plane-1/etcd', program: 'etcd', input: {} },
        { address, program: 'kube-apiserver', input: { etcd: 'control-plane-1/etcd', serviceCidr: '10.96.0.0/12' } },
        ...(withControllers ? [{ address: 'control-plane-1/kube-controller-manager', program: 'kube-controller-manager', input: { apiServer: address, clusterCidr: '10.244.0.0/16' } }] : []),
        { address: 'outside/client', program: 'client', input: {} },
      ],
    }, { definitions: { ...programs.definitions, client: client as ProcessDefinition }, permits: (from, to, protocol) => from === 'client' || programs.permits(from, to, protocol) });
    this.run(cluster !== undefined ? 30 : withControllers ? 5 : 1);
  }

  run(seconds: number): void { this.world.runUntil(this.world.nowUs + seconds * 1_000_000); }
  get apiserver(): ApiServerState { return this.world.process(address)!.snapshot!.state as ApiServerState; }
  get chart(): unknown { return this.world.process(address)!.snapshot!.value; }
  get etcd(): EtcdState { return this.world.process('control-plane-1/etcd')!.snapshot!.state as EtcdState; }
  get heard(): Heard { return this.world.process('outside/client')!.snapshot!.state as Heard; }
  notes(name: string): readonly string[] {
    return this.world.recordsBetween(0).filter((record) => record.what === 'note').map((record) => (record as unknown as { note: { name: string; text: string } }).note).filter((one) => one.name === name).map((one) => one.text);
  }

  /** Sends without waiting. */
  send(asked: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>, to = address): string {
    const id = `${asked.verb}-${++this.asked}`;
    const full: ApiRequest = { group: '', version: 'v1', user: 'kubernetes-admin', userAgent: 'kubectl/v1.36.0', ...asked };
    this.world.dispatch({ type: 'tell', to: 'outside/client', event: 'test.ask', body: { id, request: full, to } });
    return id;
  }
  close(id: string): void { this.world.dispatch({ type: 'tell', to: 'outside/client', event: 'test.close', body: id }); }

  /** Asks and waits for the answer. */
  ask(asked: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>, patience = 3): ApiResponse {
    const id = this.send(asked);
    this.world.runUntil(this.world.nowUs + patience * 1_000_000, () => this.heard.answers.has(id));
    const answer = this.heard.answers.get(id);
    if (answer === undefined || typeof answer === 'string') throw new Error(`${id}: ${answer ?? 'no answer'}`);
    return answer;
  }
  /** Asks and gives the object; a refusal is thrown. */
  object<T = KubeObject>(asked: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>): T {
    const { code, body } = this.ask(asked);
    if (code >= 300) throw new Error(`${code} ${(body as Status).message}`);
    return body as T;
  }
  /** Asks and gives the refusal as `code message`. */
  refusal(asked: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>, patience = 3): string {
    const { code, body } = this.ask(asked, patience);
    return `${code} ${(body as Status).message}`;
  }
  names(asked: Partial<ApiRequest> & Pick<ApiRequest, 'resource'>): readonly string[] {
    return this.object<ObjectList>({ verb: 'list', ...asked }).items.map(({ metadata }) => metadata.name);
  }
}
