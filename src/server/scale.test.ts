/** The scale subresource and who owns the number of replicas, in upstream's steps: test/integration/apiserver/apply/scale_test.go. */
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Client } from './conformance/client.ts';
import { createHttpServer } from './http-server.ts';
import { LiveSession } from './live-session.ts';

const live = new LiveSession({ version: 1, seed: 1, topology: 'single-node', commands: [] }, 'paused');
const server = createHttpServer(live);
let at: Client;

beforeAll(async () => {
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  at = new Client(live, `http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'default');
});
afterAll(() => { server.closeAllConnections(); server.close(); });

interface Owned { readonly metadata: { readonly managedFields?: readonly { readonly manager: string; readonly operation: string; readonly apiVersion: string; readonly subresource?: string; readonly time?: string; readonly fieldsV1: { readonly 'f:spec'?: object } }[] }; readonly spec: { readonly replicas: number } }

const template = { metadata: { labels: { app: 'nginx' } }, spec: { containers: [{ name: 'nginx', image: 'nginx:1.27' }] } };
const objectOf = (apiVersion: string, kind: string, name: string, replicas?: number) => ({
  apiVersion, kind, metadata: { name }, spec: { ...(replicas !== undefined && { replicas }), selector: kind === 'ReplicationController' ? { app: 'nginx' } : { matchLabels: { app: 'nginx' } }, template, ...(kind === 'StatefulSet' && { serviceName: 'x' }) },
});
const scaleOf = (name: string, replicas: number) => ({ apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name, namespace: 'default' }, spec: { replicas } });
/** How many, and who says so. */
async function replicas(path: string): Promise<readonly unknown[]> {
  const { metadata: { managedFields = [] }, spec } = await at.get<Owned>(path);
  return [spec.replicas, ...managedFields.filter(({ fieldsV1 }) => 'f:replicas' in (fieldsV1['f:spec'] ?? {})).map(({ manager }) => manager).sort()];
}

describe.each([['apps/v1', 'Deployment', 'deployments'], ['apps/v1', 'StatefulSet', 'statefulsets'], ['apps/v1', 'ReplicaSet', 'replicasets'], ['v1', 'ReplicationController', 'replicationcontrollers']])('%s %s', (apiVersion, kind, resource) => {
  test('is scaled by patch, apply and update, and the last who says a number owns it', async () => {
    const one = `${at.in(apiVersion)}/${resource}/test`;
    const apply = async (manager: string, body: unknown, force = false, path = one) => at.patch<Owned>(`${path}?fieldManager=${manager}${force ? '&force=true' : ''}`, body, 'apply');
    await apply('apply_test', objectOf(apiVersion, kind, 'test', 1));
    expect(await replicas(one)).toEqual([1, 'apply_test']);

    await at.patch(`${one}/scale?fieldManager=scale_test`, { spec: { replicas: 5 } });
    expect(await replicas(one)).toEqual([5, 'scale_test']);

    await expect(apply('apply_test', objectOf(apiVersion, kind, 'test', 1))).rejects.toMatchObject({ code: 409 });
    await apply('apply_test', objectOf(apiVersion, kind, 'test', 1), true);
    expect(await replicas(one)).toEqual([1, 'apply_test']);

    await expect(apply('apply_scale', scaleOf('test', 17), false, `${one}/scale`)).rejects.toThrow('Apply failed with 1 conflict: conflict with "apply_test": .spec.replicas');
    const scaled = await apply('apply_scale', scaleOf('test', 17), true, `${one}/scale`);
    expect(scaled).toMatchObject({ kind: 'Scale', apiVersion: 'autoscaling/v1', spec: { replicas: 17 } });
    expect(scaled.metadata.managedFields).toBe(undefined);
    expect(await replicas(one)).toEqual([17, 'apply_scale']);

    await at.put(`${one}/scale?fieldManager=replace_test`, scaleOf('test', 7));
    expect(await replicas(one)).toEqual([7, 'replace_test']);

    await apply('co_owning_test', scaleOf('test', 7), false, `${one}/scale`);
    expect(await replicas(one)).toEqual([7, 'co_owning_test', 'replace_test']);

    await at.patch(`${one}/scale?fieldManager=scale_test`, { spec: { replicas: 5 } });
    expect(await replicas(one)).toEqual([5, 'scale_test']);
    const { metadata: { managedFields = [] } } = await at.get<Owned>(one);
    expect(managedFields.find(({ manager, subresource }) => manager === 'scale_test' && subresource === 'scale')).toEqual(
      { manager: 'scale_test', operation: 'Update', apiVersion, fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:replicas': {} } }, subresource: 'scale' });
  });

  test('a Scale with another status changes neither the number nor its owner', async () => {
    const one = `${at.in(apiVersion)}/${resource}/only-status`;
    await at.patch(`${one}?fieldManager=apply_test`, objectOf(apiVersion, kind, 'only-status', 1), 'apply');
    await at.patch(`${one}/scale?fieldManager=scale_test`, { status: { replicas: 42 } });
    expect(await replicas(one)).toEqual([1, 'apply_test']);
  });
});

test('what is no Scale, or is another object, is refused', async () => {
  const one = `${at.in('apps/v1')}/deployments/refused`;
  await at.patch(`${one}?fieldManager=a`, objectOf('apps/v1', 'Deployment', 'refused'), 'apply');
  const refusal = async (body: unknown, path = `${one}/scale?fieldManager=b`): Promise<string> => at.patch(path, body, 'apply').then(() => 'taken', (error: Error) => error.message);
  expect(await refusal({ ...scaleOf('refused', 2), apiVersion: 'apps/v1' })).toContain('Incorrect version specified in apply patch. Specified patch version: apps/v1, expected: autoscaling/v1');
  expect(await refusal(scaleOf('refused', 2), `${one}/scale`)).toContain('fieldManager: Required value: is required for apply patch');
  expect(await refusal(scaleOf('refused', -1), `${one}/scale?fieldManager=b&force=true`)).toContain('Scale.autoscaling "refused" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0');
  expect(await refusal(scaleOf('other', 2), `${one}/scale?fieldManager=b&force=true`)).toContain('the name of the object (other) does not match the name on the URL (refused)');
  expect(await refusal(scaleOf('nobody', 2), `${at.in('apps/v1')}/deployments/nobody/scale?fieldManager=b`)).toContain('deployments/scale.apps "nobody" not found');
  // Nobody owned the number before: it is taken from whoever wrote before accounts were kept.
  expect(await refusal(scaleOf('refused', 2))).toContain('conflict with "before-first-apply" with subresource "scale" using autoscaling/v1: .spec.replicas');
  await expect(at.patch(`${one}/scale`, [{ op: 'move', from: '/spec/none', path: '/spec/replicas' }] as unknown as object, 'json')).rejects.toThrow('the server rejected our request due to an error in our request');
  await expect(at.put(`${one}/scale`, { spec: 'many' })).rejects.toThrow(/json: cannot unmarshal string into Go struct field Scale\.spec of type v1\.ScaleSpec/);
  expect(await replicas(one)).toEqual([1]);
});
