import { describe, expect, test } from 'vitest';
import { outputAfter, planProgram } from './program.ts';

const plan = (image: string, command: string[] = [], args: string[] = []) => planProgram({ image, command, args, env: [{ name: 'ITEM', value: 'apple' }, { name: 'COUNT', value: '7' }] });
const second = 1_000_000;

describe('what the process in a container does', () => {
  const cases: [what: string, image: string, command: string[], args: string[], seconds: number | 'for ever', exitCode: number, onTerm: number | 'ignored', output: string[]][] = [
    ['a server', 'nginx:1.27', [], [], 'for ever', 0, 0, ['/docker-entrypoint.sh: Configuration complete; ready for start up', '[notice] 1#1: start worker processes']],
    ['a server with options', 'mysql', [], ['--character-set-server=utf8'], 'for ever', 0, 0, ['[Entrypoint]: Entrypoint script for MySQL Server started.', '[System] [Server] /usr/sbin/mysqld: ready for connections.']],
    ['an image nobody knows', 'example.com/team/app:v1', [], [], 'for ever', 0, 0, []],
    ['a shell image alone', 'busybox', [], [], 0.02, 0, 'ignored', []],
    ['a shell with no script', 'ubuntu', ['bash'], [], 0.02, 0, 'ignored', []],
    ['sleep', 'busybox:1.28', ['sleep', '3600'], [], 3600, 0, 'ignored', []],
    ['sleep as args', 'alpine', [], ['sleep', '1h'], 3600, 0, 'ignored', []],
    ['sleep infinity', 'ubuntu', ['/bin/sleep', 'infinity'], [], 'for ever', 0, 'ignored', []],
    ['echo', 'debian', ['/bin/echo', 'hello', 'world'], [], 0.001, 0, 'ignored', ['hello world']],
    ['false', 'busybox', ['false'], [], 0.002, 1, 'ignored', []],
    ['a crash', 'busybox', ['sh', '-c', 'echo starting; sleep 5; exit 42'], [], 5.001, 42, 'ignored', ['starting']],
    ['and, or', 'busybox', ['sh', '-c', 'false && echo no || echo yes'], [], 0.005, 0, 'ignored', ['yes']],
    ['two lines', 'bash', ['bash'], ['-c', 'echo "Hello world!" && sleep 5 && exit 42'], 5.001, 42, 'ignored', ['Hello world!']],
    ['an endless loop', 'debian', ['/bin/sh'], ['-c', 'while true; do echo hello; sleep 10;done'], 'for ever', 0, 'ignored', ['hello', 'hello']],
    ['output to a file', 'debian', ['/bin/sh'], ['-c', 'echo hidden > /pod-data/index.html'], 0.005, 0, 'ignored', []],
    ['a variable', 'busybox', ['sh', '-c', 'echo Processing item $ITEM && sleep 5'], [], 5.001, 0, 'ignored', ['Processing item apple']],
    ['a trap', 'busybox', ['sh', '-c', 'trap \'exit 0\' TERM; sleep 9999 & wait'], [], 9999, 0, 0, []],
    ['counting', 'busybox', ['sh', '-c', 'for i in 1 2 3; do echo tick; sleep 1; done; exit 3'], [], 3.003, 3, 'ignored', ['tick', 'tick', 'tick']],
    ['pi', 'perl:5.34.0', ['perl', '-Mbignum=bpi', '-wle', 'print bpi(60)'], [], 7, 0, 'ignored', ['3.14159265358979323846264338327950288419716939937510582097494']],
    ['a few lines of Python', 'python', ['python3', '-c', 'import os, sys\nprint("Hello world")\nif os.environ.get("ITEM") == "apple":\n  sys.exit(3)\nelse:\n  sys.exit(1)\n'], [], 0.04, 3, 'ignored', ['Hello world']],
    ['Python that counts', 'python', ['python3', '-c', 'import os, sys\nif int(os.environ.get("COUNT")) % 2 == 0:\n  sys.exit(1)\n'], [], 0.04, 0, 'ignored', []],
    ['other Python', 'python', ['python3', '-c', 'import http.server; http.server.test()'], [], 'for ever', 0, 'ignored', []],
    ['tail -f', 'busybox', ['tail', '-f', '/dev/null'], [], 'for ever', 0, 'ignored', []],
    ['a probe demo', 'registry.k8s.io/busybox:1.27.2', [], ['/bin/sh', '-c', 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'], 630.013, 0, 'ignored', []],
    ['a program that only waits', 'registry.k8s.io/e2e-test-images/agnhost:2.59', [], [], 'for ever', 0, 2, ['Paused', 'Signals registered']],
    ['another of the same image', 'registry.k8s.io/e2e-test-images/agnhost:2.59', [], ['netexec'], 'for ever', 0, 0, []],
    ['a server from a shell', 'redis', ['sh', '-c', 'redis-server /etc/redis.conf'], [], 'for ever', 0, 0, []],
  ];
  test.each(cases)('%s', (_, image, command, args, seconds, exitCode, onTerm, output) => {
    const got = plan(image, command, args);
    expect({ seconds: got.runsForUs === undefined ? 'for ever' : got.runsForUs / second, exitCode: got.exitCode, onTerm: got.onTerm?.exitCode ?? 'ignored', output: outputAfter(got, Math.min(got.runsForUs ?? 15 * second, 1_000 * second)).map(({ text }) => text) })
      .toEqual({ seconds, exitCode, onTerm, output });
  });

  test('an endless loop writes for as long as it runs', () => {
    const got = plan('busybox', ['sh', '-c', 'while true; do date; echo tick; sleep 1; done']);
    expect(outputAfter(got, 3.5 * second).length).toBe(4);
    expect(outputAfter(got, 3_600 * second, 10).length).toBe(10);
  });
});
