import { describe, expect, test } from 'vitest';
import { PMap } from '../../../simulation/collections/index.ts';
import { formatTime } from '../../../kubernetes/apimachinery/time.ts';
import { commands } from './commands.ts';
import { Files } from './files.ts';
import { formatResponse, serverOf, takeRequest } from './http-servers.ts';
import { contentsOf } from './image-contents.ts';
import { Exit, Run } from './run.ts';

function shell(script: string, image = 'busybox:1.36'): string {
  const contents = contentsOf(image);
  const files = new Files({
    image: { ...contents, programs: [...contents.programs].map((name) => `/bin/${name}`) }, written: PMap(), volumes: PMap(), startedAtUs: 0, nowUs: 5_000_000,
    mounts: [{ path: '/etc/settings', readOnly: true, files: { greeting: 'hello' } }, { path: '/data', readOnly: false, volume: 'pod/data' }, { path: '/etc/hostname', readOnly: false, files: { '': 'web-1\n' } }],
  });
  const run = new Run({
    files, commands, programs: contents.programs, path: contents.path, hostname: 'web-1', user: 0, process1: 'sleep 3600', bash: false, nowUs: 5_000_000, date: formatTime,
    fetch: ({ port }) => (port === 80 ? { response: 'HTTP/1.1 200 OK\r\nServer: x\r\n\r\nwelcome\n' } : { refused: 'Connection refused' }), signal: () => undefined,
  }, new Map([['COLOR', 'blue'], ['HOME', '/root']]), '/');
  try {
    run.script(script, { stdin: () => '', out: (text) => run.say(1, text), err: (text) => run.say(2, text) });
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    run.code = error.code;
  }
  return `${run.said.map(({ data }) => data).join('')}[${run.code}]${run.elapsedUs === 0 ? '' : ` after ${run.elapsedUs / 1_000_000} s`}`;
}

const config = (image: string, command: readonly string[] = [], args: readonly string[] = []) => ({ name: 'c', attempt: 0, image, command, args, env: [] });

describe('what listens in a container', () => {
  test.each([
    ['nginx:1.27', [], [], [80]],
    ['docker.io/library/nginx:1.27-alpine', [], [], [80]],
    ['nginx:1.27', ['sleep', '60'], [], undefined],
    ['hashicorp/http-echo', [], ['-text=hi', '-listen=:8080'], [8080]],
    ['registry.k8s.io/e2e-test-images/agnhost:2.53', ['/agnhost', 'netexec', '--http-port=8080'], [], [8080]],
    ['registry.k8s.io/e2e-test-images/agnhost:2.53', [], ['serve-hostname'], [9376]],
    ['registry.k8s.io/e2e-test-images/agnhost:2.53', [], ['pause'], []],
    ['redis:7', [], [], undefined],
    ['example.org/nginx', [], [], undefined],
  ])('%s %j %j', (image, command, args, ports) => {
    const given = config(image, command, args);
    expect(serverOf(given)?.ports(given)).toEqual(ports);
  });

  test('an answer has real headers, and what is not there is 404', () => {
    const given = config('nginx:1.27');
    const files = new Files({ image: { ...contentsOf(given.image), programs: [] }, mounts: [], written: PMap(), volumes: PMap(), startedAtUs: 0, nowUs: 0 });
    const ask = (text: string): string => {
      const taken = takeRequest(text);
      if (taken === undefined || taken === 'bad') return String(taken);
      return formatResponse(serverOf(given)!.answer(taken.request, { config: given, files, hostname: 'web', date: '2026-01-01T00:00:12Z', port: 80, client: '127.0.0.1' }), taken.request, false);
    };
    expect(ask('GET / HTTP/1.1\r\nHost: x\r\n\r\n')).toMatch(/^HTTP\/1\.1 200 OK\r\nServer: nginx\/1\.27\.5\r\nDate: Thu, 01 Jan 2026 00:00:12 GMT\r\nContent-Type: text\/html\r\nContent-Length: 615\r\n/);
    expect(ask('HEAD /nothing HTTP/1.1\r\n\r\n')).toMatch(/^HTTP\/1\.1 404 Not Found\r\n[\s\S]*Content-Length: 153\r\n[\s\S]*\r\n\r\n$/);
    expect([ask('GET / HTTP/1.1\r\n'), ask('nonsense\r\n\r\n')]).toEqual(['undefined', 'bad']);
  });
});

describe('a shell in a container', () => {
  test.each([
    ['echo "a  b" c; echo -n d', 'a  b c\nd[0]'],
    ["echo '$COLOR' \"$COLOR\" ${SIZE:-small} $SIZE end", '$COLOR blue small end\n[0]'],
    ['false && echo no || echo yes', 'yes\n[0]'],
    ['false; echo $?', '1\n[0]'],
    ['! true; echo $?', '1\n[0]'],
    ['cat /etc/settings/greeting | wc -c', '5\n[0]'],
    ['echo one > /tmp/a; echo two >> /tmp/a; cat /tmp/a; cat < /tmp/a | tail -n 1', 'one\ntwo\ntwo\n[0]'],
    ['echo x > /etc/settings/greeting', "sh: can't create /etc/settings/greeting: Read-only file system\n[1]"],
    ['mkdir -p /data/a/b && touch /data/a/b/c && ls /data/a; rm -r /data/a; ls /data', 'b\n[0]'],
    ['ls /nowhere 2>/dev/null; echo $?; ls /nowhere 2>&1 | grep -c nowhere', '1\n1\n[0]'],
    ['for i in 1 2 3; do echo $i; sleep 1; done', '1\n2\n3\n[0] after 3 s'],
    ['while true; do echo once; break; done; for i in 1 2; do continue; echo never; done', 'once\n[0]'],
    ['while true; do echo on; sleep 1; done', /^(on\n)+\[137\] after \d+ s$/],
    ['if [ -f /etc/hostname ]; then echo file; else echo none; fi', 'file\n[0]'],
    ['if test 1 -gt 2; then echo more; elif [ a = a ]; then echo same; fi', 'same\n[0]'],
    ['(cd /tmp; pwd); pwd', '/tmp\n/tmp\n[0]'],
    ['sh -c "cd /tmp; exit 3"; echo $?; pwd', '3\n/\n[0]'],
    ['x=$(echo a b); echo "[$x]" [$x]', '[a b] [a b]\n[0]'],
    ['exit 7; echo never', '[7]'],
    ['nonsense', 'sh: nonsense: not found\n[127]'],
    ['/bin/nonsense', 'sh: /bin/nonsense: not found\n[127]'],
    ['date; date -u +%Y-%m-%d; date +%s', 'Thu Jan  1 00:00:05 UTC 2026\n2026-01-01\n1767225605\n[0]'],
    ['printenv COLOR; env | grep COLOR; COLOR=red printenv COLOR; echo $COLOR', 'blue\nCOLOR=blue\nred\nblue\n[0]'],
    ['id; whoami; hostname', 'uid=0(root) gid=0(root) groups=0(root)\nroot\nweb-1\n[0]'],
    ['wget -qO- localhost', 'welcome\n[0] after 0.001 s'],
    ['wget -qO- http://127.0.0.1:81/', "wget: can't connect to remote host (127.0.0.1): Connection refused\n[1] after 0.001 s"],
    ['wget -qO- shop', "wget: bad address 'shop'\n[1] after 15 s"],
    ['tar cf /tmp/t.tar -C /etc settings/greeting && cd /data && tar xf /tmp/t.tar && cat settings/greeting', 'hello[0]'],
    ['case x in x) echo y;; esac', 'sh: syntax error: "case" is not known to this model\'s shell\n[2]'],
    ['echo "unfinished', 'sh: syntax error: unterminated quoted string\n[2]'],
    ['printf "%s-%s\\n" a b; seq 2 | sort -r', 'a-b\n2\n1\n[0]'],
  ])('%s', (script, printed) => {
    if (typeof printed === 'string') expect(shell(script)).toBe(printed);
    else expect(shell(script)).toMatch(printed);
  });

  test('an image has what is known of it, and no more', () => {
    expect(shell('curl -s localhost')).toBe('sh: curl: not found\n[127]');
    expect(shell('curl -s localhost', 'nginx:1.27')).toBe('welcome\n[0] after 0.001 s');
    expect([...contentsOf('registry.k8s.io/pause:3.10').programs, ...contentsOf('example.org/own/image:1').programs]).toEqual([]);
  });
});
