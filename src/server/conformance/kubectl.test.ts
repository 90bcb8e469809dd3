/** Takes the steps of test/e2e/kubectl/kubectl.go with a real kubectl. */
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { behaviour } from './harness.ts';
import { hasKubectl, kubectlFor } from './kubectl.ts';

const kubernetesVersions = expect.objectContaining({ kind: 'APIVersions', versions: ['v1'] }) as object;

describe.runIf(hasKubectl)('kubectl', () => {
  behaviour('[sig-cli] Kubectl client Kubectl api-versions should check if v1 is in available api versions [Conformance]', async (at) => {
    expect((await kubectlFor(at)('', 'api-versions')).text.split('\n')).toContain('v1');
  });

  behaviour('[sig-cli] Kubectl client Kubectl cluster-info should check if Kubernetes control plane services is included in cluster-info [Conformance]', async (at) => {
    expect((await kubectlFor(at)('', 'cluster-info')).text).toMatch(/Kubernetes control plane.*is running at/);
  });

  behaviour('[sig-cli] Kubectl client Kubectl version should check is all data is printed [Conformance]', async (at) => {
    const { text } = await kubectlFor(at)('', 'version');
    for (const item of ['Client Version: ', 'Server Version: ']) expect(text).toMatch(new RegExp(`${item}v\\d\\.\\d+\\.[\\d\\w\\-.+]+`));
  });

  behaviour('[sig-cli] Kubectl client Kubectl diff should check if kubectl diff finds a difference for Deployments [Conformance]', async (at) => {
    const kubectl = kubectlFor(at);
    const labels = { app: 'agnhost' };
    const deployment = (image: string) => JSON.stringify({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'httpd' }, spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [{ name: 'agnhost', image }] } } } });
    const [old, next] = ['registry.k8s.io/e2e-test-images/agnhost:2.47', 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1'];
    expect((await kubectl(deployment(old), 'create', '-f', '-')).code).toBe(0);
    const { code, text } = await kubectl(deployment(next), 'diff', '-f', '-');
    expect(code).toBe(1);
    expect(text).toMatch(new RegExp(`-.*image: ${old}[^]*\\+.*image: ${next}`));
    expect((await kubectl(deployment(old), 'delete', '--wait=false', '-f', '-')).code).toBe(0);
  });

  behaviour('[sig-cli] Kubectl client Kubectl label should update the label on a resource [Conformance]', async (at) => {
    const kubectl = kubectlFor(at);
    await at.post(`${at.in('v1')}/pods`, { metadata: { name: 'pause', labels: { name: 'pause' } }, spec: { containers: [{ name: 'pause', image: 'registry.k8s.io/pause:3.10.1' }] } });
    await at.until(async () => (await at.get<{ status: { phase: string } }>(`${at.in('v1')}/pods/pause`)).status.phase === 'Running');
    expect((await kubectl('', 'label', 'pods', 'pause', 'testing-label=testing-label-value')).text).toBe('pod/pause labeled\n');
    expect((await kubectl('', 'get', 'pod', 'pause', '-L', 'testing-label')).text).toContain('testing-label-value');
    expect((await kubectl('', 'label', 'pods', 'pause', 'testing-label-')).text).toBe('pod/pause unlabeled\n');
    expect((await kubectl('', 'get', 'pod', 'pause', '-L', 'testing-label')).text).not.toContain('testing-label-value');
  });

  behaviour('[sig-cli] Kubectl client Proxy server should support proxy with --port 0 [Conformance]', async (at) => {
    const proxy = kubectlFor(at).start('proxy', '--port=0', '--disable-filter');
    try {
      const port = await new Promise<string>((resolve) => { proxy.stdout!.on('data', (chunk: Buffer) => resolve(/127\.0\.0\.1:(\d+)/.exec(chunk.toString())![1]!)); });
      expect(await (await fetch(`http://127.0.0.1:${port}/api/`)).json()).toEqual(kubernetesVersions);
    } finally {
      proxy.kill();
    }
  });

  behaviour('[sig-cli] Kubectl client Proxy server should support --unix-socket=/path [Conformance]', async (at) => {
    const kubectl = kubectlFor(at);
    const socketPath = join(kubectl.folder, 'socket');
    const proxy = kubectl.start('proxy', `--unix-socket=${socketPath}`);
    try {
      await new Promise((resolve) => { proxy.stdout!.once('data', resolve); });
      const text = await new Promise<string>((resolve, reject) => {
        request({ socketPath, path: '/api', headers: { host: 'localhost' } }, (response) => {
          let body = '';
          response.on('data', (chunk: Buffer) => { body += chunk.toString(); });
          response.on('end', () => resolve(body));
        }).on('error', reject).end();
      });
      expect(JSON.parse(text)).toEqual(kubernetesVersions);
    } finally {
      proxy.kill();
    }
  });
});
