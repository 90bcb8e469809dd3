import { describe, expect, test } from 'vitest';
import './late-code.ts';
import type { Effect, EventKind, ProcessEvent, Snapshot } from '../../simulation/process/process.ts';
import { chartProcess } from '../../simulation/process/chart-process.ts';
import { containerd } from './containerd.ts';
import type { ContainerdState } from './runtime-state.ts';

const program = chartProcess({ name: containerd.name, machine: containerd.machine, initial: containerd.initial, survives: containerd.survives! });

/** One containerd with a CNI plugin that always answers; time moves only when told. */
function runtime(disk?: unknown) {
  let nowUs = 0;
  let count = 0;
  let luck = 0;
  const timers = new Map<string, { atUs: number; name: string; body: unknown }>();
  const answers = new Map<string, { type: string; body: unknown; atUs: number }>();
  const asked: string[] = [];
  const event = (kind: EventKind, type: string, id: string, body: unknown): ProcessEvent =>
    ({ kind, type, id, from: 'worker-1/kubelet', body, env: { nowUs, self: 'worker-1/containerd', eventId: count, random: (_stream, bound) => (luck = (luck * 7919 + 104_729) % 1_000_003) % bound } });
  let snapshot: Snapshot<ContainerdState>;
  const take = (step: { snapshot: Snapshot<unknown>; effects: readonly Effect[] }): void => {
    snapshot = step.snapshot as Snapshot<ContainerdState>;
    for (const effect of step.effects) {
      if (effect.kind === 'set-timer') timers.set(effect.id, { atUs: nowUs + effect.afterUs, name: effect.name, body: effect.body });
      else if (effect.kind === 'clear-timer') timers.delete(effect.id);
      else if (effect.kind === 'respond') answers.set(effect.id, { type: effect.message.type, body: effect.message.body, atUs: nowUs + effect.workUs });
      else if (effect.kind === 'request') {
        asked.push(effect.message.type);
        take(program.step(snapshot, event('response', 'cni.Result', effect.id, { ip: '10.244.1.2', gateway: '10.244.1.1' })));
      }
    }
  };
  const input = { node: 'worker-1', cni: 'worker-1/cni' };
  take(program.start(event('start', 'process.started', '', { input, disk, incarnation: 0 }) as never));
  return {
    asked,
    /** Makes a call and returns its request id. */
    ask(method: string, body: unknown = {}): string { const id = `r${count++}`; take(program.step(snapshot, event('request', `cri.${method}`, id, body))); return id; },
    answer: (id: string) => answers.get(id),
    call(method: string, body: unknown = {}) { return answers.get(this.ask(method, body))?.body as never; },
    pass(seconds: number) {
      const untilUs = nowUs + seconds * 1_000_000;
      for (;;) {
        const due = [...timers].filter(([, { atUs }]) => atUs <= untilUs).sort((a, b) => a[1].atUs - b[1].atUs)[0];
        if (due === undefined) break;
        timers.delete(due[0]);
        nowUs = due[1].atUs;
        take(program.step(snapshot, event('timer', `timer.${due[1].name}`, due[0], due[1].body)));
      }
      nowUs = untilUs;
    },
    nowSeconds: () => nowUs / 1_000_000,
    stop: (cause: 'crashed' | 'power-loss') => program.survives!(snapshot.state, cause),
    containers() { return (this.call('ListContainers') as { containers: { name: string; state: string; exitCode: number; reason: string }[] }).containers.map(({ name, state, exitCode, reason }) => `${name} ${state} ${exitCode} ${reason}`.trim()); },
  };
}

/** A running container with that command; returns its id. */
function start(at: ReturnType<typeof runtime>, name: string, command: string[], image = 'busybox:1.36'): string {
  at.ask('PullImage', { image });
  at.pass(20);
  const { podSandboxId } = at.call('RunPodSandbox', { metadata: { name: 'p', uid: 'u', namespace: 'default', attempt: 0 }, hostNetwork: false, logDirectory: '' }) as { podSandboxId: string };
  const { containerId } = at.call('CreateContainer', { podSandboxId, config: { name, attempt: 0, image, command, args: [], env: [] } }) as { containerId: string };
  at.ask('StartContainer', { containerId });
  at.pass(1);
  return containerId;
}

describe('containers', () => {
  test('a server runs until SIGTERM, and ends well', () => {
    const at = runtime();
    const containerId = start(at, 'web', [], 'nginx');
    expect(at.containers()).toEqual(['web CONTAINER_RUNNING 0']);
    const id = at.ask('StopContainer', { containerId, timeoutSeconds: 30 });
    expect(at.answer(id)).toBeUndefined();
    at.pass(1);
    expect(at.answer(id)?.type).toBe('cri.StopContainerResponse');
    expect(at.containers()).toEqual(['web CONTAINER_EXITED 0 Completed']);
  });
  test('sleep as process 1 takes no notice of SIGTERM and is killed when the grace is over', () => {
    const at = runtime();
    const containerId = start(at, 's', ['sleep', '3600']);
    const id = at.ask('StopContainer', { containerId, timeoutSeconds: 30 });
    at.pass(29);
    expect([at.containers(), at.answer(id)]).toEqual([['s CONTAINER_RUNNING 0'], undefined]);
    at.pass(2);
    expect(at.containers()).toEqual(['s CONTAINER_EXITED 137 Error']);
  });
  test('a process that ends by itself keeps its exit code, and its output', () => {
    const at = runtime();
    const containerId = start(at, 'c', ['sh', '-c', 'echo hello; sleep 3; exit 7']);
    expect(at.containers()).toEqual(['c CONTAINER_RUNNING 0']);
    at.pass(3);
    expect(at.containers()).toEqual(['c CONTAINER_EXITED 7 Error']);
    expect(at.call('ContainerLogs', { containerId })).toMatchObject({ lines: [{ text: 'hello' }] });
  });
  test('an unchanged node is listed with the same arrays', () => {
    const at = runtime();
    start(at, 'web', [], 'nginx');
    const list = () => (at.call('ListContainers') as { containers: unknown }).containers;
    expect(list()).toBe(list());
  });
});

describe('sandboxes', () => {
  test('the address comes from the CNI plugin, and goes back to it', () => {
    const at = runtime();
    start(at, 'web', [], 'nginx');
    const { items } = at.call('ListPodSandbox') as { items: { id: string; ip: string }[] };
    expect(items[0]!.ip).toBe('10.244.1.2');
    at.ask('StopPodSandbox', { podSandboxId: items[0]!.id });
    expect(at.asked).toEqual(['cni.ADD', 'cni.DEL']);
    expect(at.containers()).toEqual(['web CONTAINER_EXITED 137 Error']);
    at.ask('RemovePodSandbox', { podSandboxId: items[0]!.id });
    expect(at.containers()).toEqual([]);
  });
  test('the host network needs no plugin', () => {
    const at = runtime();
    at.ask('RunPodSandbox', { metadata: { name: 'p', uid: 'u', namespace: 'default', attempt: 0 }, hostNetwork: true, logDirectory: '' });
    expect(at.asked).toEqual([]);
  });
});

describe('images', () => {
  test('two who ask for one image wait for one download', () => {
    const at = runtime();
    const [one, two] = [at.ask('PullImage', { image: 'nginx' }), at.ask('PullImage', { image: 'docker.io/library/nginx:latest' })];
    expect([at.answer(one), at.answer(two)]).toEqual([undefined, undefined]);
    at.pass(5);
    expect([at.answer(one)?.body, at.answer(two)?.body]).toEqual([at.answer(one)?.body, at.answer(one)?.body]);
    expect(at.answer(one)?.type).toBe('cri.PullImageResponse');
    expect(at.call('ImageStatus', { image: 'nginx' })).toMatchObject({ present: true });
  });
  test('a container needs its image', () => {
    const at = runtime();
    const { podSandboxId } = at.call('RunPodSandbox', { metadata: { name: 'p', uid: 'u', namespace: 'default', attempt: 0 }, hostNetwork: false, logDirectory: '' }) as { podSandboxId: string };
    expect(at.call('CreateContainer', { podSandboxId, config: { name: 'a', attempt: 0, image: 'nginx', command: [], args: [], env: [] } })).toEqual({ message: 'failed to resolve image "nginx": not found' });
  });
});

describe('the end of containerd', () => {
  test('its containers outlive a crash, and those that end meanwhile are seen to have', () => {
    const at = runtime();
    start(at, 'web', [], 'nginx');
    start(at, 'c', ['sleep', '60']);
    const next = runtime(at.stop('crashed'));
    expect(next.containers().sort()).toEqual(['c CONTAINER_RUNNING 0', 'web CONTAINER_RUNNING 0']);
    next.pass(200);
    expect(next.containers().sort()).toEqual(['c CONTAINER_EXITED 0 Completed', 'web CONTAINER_RUNNING 0']);
  });
  test('a power loss ends them all and leaves the sandboxes not ready; images stay', () => {
    const at = runtime();
    start(at, 'web', [], 'nginx');
    const next = runtime(at.stop('power-loss'));
    expect(next.containers()).toEqual(['web CONTAINER_EXITED 255 Unknown']);
    expect((next.call('ListPodSandbox') as { items: { state: string }[] }).items[0]!.state).toBe('SANDBOX_NOTREADY');
    expect(next.call('ImageStatus', { image: 'nginx' })).toMatchObject({ present: true });
  });
});
