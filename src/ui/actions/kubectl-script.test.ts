import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { SessionCommand } from '../../session/commands/index.ts';
import { kubectlScript, shellWord } from './kubectl-script.ts';

const scriptOf = (...commands: readonly SessionCommand[]): string => kubectlScript({ version: 1, seed: 1, topology: 'three-nodes', commands: commands.map((command, index) => ({ atUs: 9_000_000 + index * 5_000_000, command })) });
const bodyOf = (command: SessionCommand): string => scriptOf(command).split('\n').slice(5, -1).join('\n');
const manifest = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}';

describe('the session as a kubectl script', () => {
  test.each<[SessionCommand, string]>([
    [{ type: 'apply-manifest', text: manifest, fileName: 'a.yaml' }, `kubectl apply -f - <<'EOF'\n${manifest}\nEOF`],
    [{ type: 'delete-manifest', text: `${manifest}\nEOF\n`, fileName: 'a.yaml' }, `kubectl delete --wait=false -f - <<'EOF_'\n${manifest}\nEOF\nEOF_`],
    [{ type: 'delete-object', apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'default', name: 'web' }, 'kubectl delete deployment.v1.apps web --namespace default --wait=false'],
    [{ type: 'delete-object', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'a', force: true }, 'kubectl delete pod a --namespace default --wait=false --force --grace-period=0'],
    [{ type: 'delete-object', apiVersion: 'v1', kind: 'Node', namespace: '', name: 'worker-1' }, 'kubectl delete node worker-1 --wait=false'],
    [{ type: 'scale-object', kind: 'Deployment', namespace: 'shop', name: 'web', replicas: 5 }, 'kubectl scale deployment web --namespace shop --replicas=5'],
    [{ type: 'cordon-node', node: 'worker-1' }, 'kubectl cordon worker-1'],
    [{ type: 'uncordon-node', node: 'worker-1' }, 'kubectl uncordon worker-1'],
    [{ type: 'power-off-node', node: 'worker-1' }, "# Not kubectl's: power off node worker-1"],
    [{ type: 'slow-node', node: 'worker-1\nrm', delayMs: 200 }, "# Not kubectl's: slow down worker-1 rm by 200 ms"],
    [{ type: 'stop-component', address: 'worker-1/kubelet' }, "# Not kubectl's: stop component worker-1/kubelet"],
  ])('%j', (command, line) => expect(bodyOf(command)).toBe(line));

  test.each([['web', 'web'], ['a b', "'a b'"], ["it's", `'it'\\''s'`], ['$(rm)', "'$(rm)'"], ['', "''"]])('the word %j is written %s', (word, written) => expect(shellWord(word)).toBe(written));

  test('a fault with a line break can not become a command', () => {
    expect(bodyOf({ type: 'power-off-node', node: 'worker-1\nrm -rf /' })).toBe("# Not kubectl's: power off node worker-1 rm -rf /");
  });

  test('a shell takes it, and gives kubectl the manifest to the letter', () => {
    const text = 'a: "$HOME `id` \\\\ \'x\'"\n';
    const script = scriptOf({ type: 'apply-manifest', text, fileName: 'a.yaml' }, { type: 'cordon-node', node: 'worker-1' });
    const heard = execFileSync('sh', ['-c', `kubectl() { echo "[$*]"; [ "$1" = apply ] && cat; return 0; }\n${script}`], { encoding: 'utf8' });
    expect(heard).toBe(`[apply -f -]\n${text}[cordon worker-1]\n`);
    expect(script).toContain('# at 14.000 s, 5 s later');
  });
});
