/**
 * What a container's process takes of its machine while it runs, as cAdvisor would read it from its cgroup: `usageCoreNanoSeconds` as cpu, and the memory working set.
 * No load is modelled, so these are the figures of idle programs, rounded from what `kubectl top` shows of them; what a command says that it takes, it takes.
 */
import { bytes, cpuMillis } from '../../kubernetes/apimachinery/quantity.ts';
import type { ContainerConfig } from '../../kubernetes/protocols/cri.ts';
import type { ProgramPlan } from './program.ts';

export interface Usage { readonly cpuMillis: number; readonly memoryBytes: number }

export const noUsage: Usage = { cpuMillis: 0, memoryBytes: 0 };

const idle = (mebibytes: number, cpu = 0): Usage => ({ cpuMillis: cpu, memoryBytes: Math.round(mebibytes * 1024 * 1024) });
const wholeCore = 1_000;

/** By image or program; one that is in neither is a small server. */
const known: { readonly [program: string]: Usage } = {
  pause: idle(0.3), sleep: idle(0.3), echo: idle(0.3), printf: idle(0.3), tail: idle(0.3), cat: idle(0.3), watch: idle(0.4), nc: idle(0.4), ping: idle(0.4), top: idle(0.5, 1),
  sh: idle(0.4), ash: idle(0.4), dash: idle(0.6), bash: idle(1.5), zsh: idle(2.5), busybox: idle(0.4), alpine: idle(0.4),
  nginx: idle(4), 'nginx-slim': idle(3), httpd: idle(8, 1), apache2: idle(8, 1), haproxy: idle(20, 1), traefik: idle(25, 1), caddy: idle(12), 'hello-app': idle(3), 'http-echo': idle(3), whoami: idle(3), agnhost: idle(8), 'hpa-example': idle(9, 1), wordpress: idle(30, 1),
  redis: idle(4, 2), 'redis-server': idle(4, 2), memcached: idle(2), mysql: idle(380, 6), mysqld: idle(380, 6), mariadb: idle(90, 3), postgres: idle(25, 1), mongo: idle(170, 6), mongod: idle(170, 6), rabbitmq: idle(130, 6),
  coredns: idle(15, 2), etcd: idle(40, 15), node: idle(35, 1), npm: idle(60, 1), python: idle(10), python3: idle(10), ruby: idle(20), java: idle(90, 3), openjdk: idle(90, 3), php: idle(12),
  // These compute for as long as they run.
  perl: idle(8, wholeCore), yes: idle(0.5, wholeCore),
};
const smallServer = idle(8, 1);

/** What the process takes; its cgroup lets it have no more cpu than its quota, and no more memory than its limit. */
export function usageOf(plan: ProgramPlan, { command, args, linux }: Pick<ContainerConfig, 'command' | 'args' | 'linux'>): Usage {
  const own = plan.program === 'stress' ? stressUsage([...command, ...args]) : Object.hasOwn(known, plan.program) ? known[plan.program]! : smallServer;
  const wanted = plan.busy === true ? { ...own, cpuMillis: wholeCore } : own;
  const { cpuQuota, memoryLimitInBytes } = linux?.resources ?? {};
  if (cpuQuota === undefined && memoryLimitInBytes === undefined) return wanted;
  return { cpuMillis: Math.min(wanted.cpuMillis, (cpuQuota ?? Infinity) / 100), memoryBytes: Math.min(wanted.memoryBytes, memoryLimitInBytes ?? Infinity) };
}

/** `stress --cpu 2 --vm 1 --vm-bytes 150M --vm-hang 1` (polinux/stress) and `-cpus 2 -mem-total 150Mi` (vish/stress): it takes what it is told to take. */
function stressUsage(argv: readonly string[]): Usage {
  const told = (...names: readonly string[]): string | undefined => argv.find((_, index) => index > 0 && names.includes(argv[index - 1]!));
  const count = (...names: readonly string[]): number => Math.max(0, Number(told(...names) ?? 0) || 0);
  const workers = count('--vm', '-m');
  const perWorker = bytes((told('--vm-bytes') ?? (workers > 0 ? '256M' : '0')).replace(/B$/, '').replace(/([KMG])$/i, (unit) => `${unit.toUpperCase()}i`));
  const cores = count('--cpu', '-c') + (told('--vm-hang') === undefined ? workers : 0);
  return { cpuMillis: cores * wholeCore + cpuMillis(told('-cpus')), memoryBytes: idle(1).memoryBytes + workers * perWorker + bytes(told('-mem-total')) };
}
