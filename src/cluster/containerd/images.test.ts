import { describe, expect, test } from 'vitest';
import { askRegistry, parseReference } from './images.ts';

describe('image names', () => {
  test.each([
    ['nginx', 'docker.io/library/nginx:latest'],
    ['nginx:1.27', 'docker.io/library/nginx:1.27'],
    ['dockersamples/vote', 'docker.io/dockersamples/vote:latest'],
    ['registry.k8s.io/pause:3.10', 'registry.k8s.io/pause:3.10'],
    ['localhost:5000/app', 'localhost:5000/app:latest'],
    [`redis@sha256:${'a'.repeat(64)}`, `docker.io/library/redis@sha256:${'a'.repeat(64)}`],
    ['<image>', undefined], ['Nginx', undefined], ['nginx:', undefined], ['', undefined], ['a//b', undefined],
  ])('%s', (image, full) => { expect(parseReference(image)?.full).toBe(full); });
});

describe('what a registry answers', () => {
  test('the same image always has the same digest and size', () => {
    expect(askRegistry('nginx')).toEqual(askRegistry('docker.io/library/nginx:latest'));
    expect(askRegistry('nginx')).toMatchObject({ found: true, sizeBytes: 72_300_000 });
    expect(askRegistry('nginx:1.26')).not.toEqual(askRegistry('nginx:1.27'));
  });
  test('a variant is smaller', () => {
    expect((askRegistry('nginx:alpine') as { sizeBytes: number }).sizeBytes).toBeLessThan(30_000_000);
  });
  test.each([
    ['nginx:does-not-exist', 'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:does-not-exist": failed to resolve reference "docker.io/library/nginx:does-not-exist": docker.io/library/nginx:does-not-exist: not found'],
    ['nginx:404', 'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:404": failed to resolve reference "docker.io/library/nginx:404": docker.io/library/nginx:404: not found'],
    ['non-existing-repo/non-existing-image:example', 'failed to pull and unpack image "docker.io/non-existing-repo/non-existing-image:example": failed to resolve reference "docker.io/non-existing-repo/non-existing-image:example": pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed'],
    ['registry.invalid/app:1', 'failed to pull and unpack image "registry.invalid/app:1": failed to resolve reference "registry.invalid/app:1": failed to do request: Head "https://registry.invalid/v2/app/manifests/1": dial tcp: lookup registry.invalid: no such host'],
    ['<your-image>', 'rpc error: code = InvalidArgument desc = failed to parse image reference "<your-image>": invalid reference format'],
  ])('%s is refused', (image, message) => { expect(askRegistry(image)).toEqual({ found: false, message }); });
});
