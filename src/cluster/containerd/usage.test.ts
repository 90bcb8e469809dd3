import { describe, expect, test } from 'vitest';
import { planProgram } from './program.ts';
import { usageOf } from './usage.ts';

const Mi = 1024 * 1024;

describe('what a container takes of its machine', () => {
  const cases: [what: string, image: string, argv: string[], limits: { cpuQuota?: number; memoryLimitInBytes?: number } | undefined, cpuMillis: number, mebibytes: number][] = [
    ['an idle server', 'nginx:1.27', [], undefined, 0, 4],
    ['what nobody knows', 'example.com/team/app:v1', [], undefined, 1, 8],
    ['sleep', 'busybox', ['sleep', '3600'], undefined, 0, 0.3],
    ['a script that rests', 'busybox', ['sh', '-c', 'while true; do echo tick; sleep 1; done'], undefined, 0, 0.4],
    ['a script that never rests', 'busybox', ['sh', '-c', 'while true; do :; done'], undefined, 1000, 0.4],
    ['the same with half a core', 'busybox', ['sh', '-c', 'while true; do :; done'], { cpuQuota: 50_000 }, 500, 0.4],
    ['a server from a script', 'redis', ['sh', '-c', 'echo starting && redis-server /etc/redis.conf'], undefined, 2, 4],
    ['computing pi', 'perl:5.34.0', ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'], undefined, 1000, 8],
    ['memory that is asked for by its command', 'polinux/stress', ['stress', '--vm', '1', '--vm-bytes', '150M', '--vm-hang', '1'], undefined, 0, 151],
    ['its limit is the most it gets', 'polinux/stress', ['stress', '--vm', '1', '--vm-bytes', '250M', '--vm-hang', '1'], { memoryLimitInBytes: 100 * Mi }, 0, 100],
    ['cores that are asked for, in options of the image', 'vish/stress', ['-cpus', '2'], { cpuQuota: 100_000 }, 1000, 1],
  ];
  test.each(cases)('%s', (_, image, argv, resources, cpuMillis, mebibytes) => {
    const words = argv[0]?.startsWith('-') === true ? { command: [], args: argv } : { command: argv, args: [] };
    const used = usageOf(planProgram({ image, ...words, env: [] }), { ...words, ...(resources !== undefined && { linux: { resources } }) });
    expect([used.cpuMillis, used.memoryBytes / Mi]).toEqual([cpuMillis, expect.closeTo(mebibytes, 5)]);
  });
});
