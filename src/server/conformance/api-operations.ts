/**
 * What upstream asks of a kind that "supports API operations" (test/e2e: flowcontrol.go, ingress.go, certificates.go and the like): it is discovered, made, read, listed,
 * watched, patched, updated and deleted, alone and as a collection, its status too.
 */
import { expect } from 'vitest';
import type { Client } from './client.ts';
import type { Thing } from './things.ts';

export interface Operated {
  readonly apiVersion: string;
  readonly resource: string;
  readonly namespaced?: boolean;
  /** What stands beside the metadata of the first, second and third of them. */
  readonly body: (i: number) => object;
  /** Their names; upstream has the server draw them where there are none. */
  readonly name?: (i: number) => string;
  /** A merge patch of the spec, and what the update puts beside the metadata. */
  readonly change?: { readonly patch: object; readonly update: object };
  /** What a merge patch and an update make of the status. */
  readonly status?: { readonly patch: object; readonly update: object };
}

type Discovered = { readonly groups?: readonly { readonly name: string; readonly versions: readonly { readonly version: string }[] }[]; readonly versions?: readonly { readonly version: string }[]; readonly resources?: readonly { readonly name: string }[] };

async function discovers(at: Client, { apiVersion, resource, status }: Operated): Promise<void> {
  const [group = '', version = ''] = apiVersion.split('/');
  const { groups } = await at.get<Discovered>('/apis');
  expect(groups!.find(({ name }) => name === group)?.versions).toContainEqual(expect.objectContaining({ version }));
  expect((await at.get<Discovered>(`/apis/${group}`)).versions).toContainEqual(expect.objectContaining({ version }));
  const names = (await at.get<Discovered>(`/apis/${apiVersion}`)).resources!.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([resource, ...(status === undefined ? [] : [`${resource}/status`])]));
}

export const newer = (next: Thing, before: Thing): void => expect(Number(next.metadata.resourceVersion)).toBeGreaterThan(Number(before.metadata.resourceVersion));
export const withAnnotation = (object: Thing, name: string, more: object = {}): Thing => ({ ...object, ...more, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [name]: 'true' } } });
export const isGone = (at: Client, path: string): Promise<void> => expect(at.get(path)).rejects.toMatchObject({ code: 404, reason: 'NotFound' });

async function hasStatus(at: Client, one: string, made: Thing, { patch, update }: NonNullable<Operated['status']>): Promise<void> {
  const patched = await at.patch(`${one}/status`, { metadata: { annotations: { patchedstatus: 'true' } }, status: patch });
  expect(patched).toMatchObject({ metadata: { annotations: { patchedstatus: 'true' } }, status: patch });
  const updated = await at.until<Thing>(async () => {
    try {
      return await at.put(`${one}/status`, { ...await at.get(one), status: update });
    } catch (error) {
      // A controller may have been faster: upstream's tests try again as well.
      if ((error as { readonly code?: number }).code === 409) return undefined;
      throw error;
    }
  });
  expect(updated.status).toMatchObject(update);
  expect(await at.get(`${one}/status`)).toMatchObject({ apiVersion: made.apiVersion, kind: made.kind, metadata: { uid: made.metadata.uid }, status: update });
}

/** Takes the steps; returns the third object as it was made. */
export async function apiOperations(at: Client, kind: Operated): Promise<void> {
  await discovers(at, kind);
  const all = `${at.all(kind.apiVersion)}/${kind.resource}`;
  const path = kind.namespaced === true ? `${at.in(kind.apiVersion)}/${kind.resource}` : all;
  const label = `special-label=${at.namespace}`;
  const body = (i: number) => ({ ...kind.body(i), metadata: { ...(kind.name === undefined ? { generateName: 'e2e-example-' } : { name: kind.name(i) }), labels: { 'special-label': at.namespace } } });
  const made = await at.post(path, body(1));
  if (kind.name !== undefined) await expect(at.post(path, body(1))).rejects.toMatchObject({ code: 409, reason: 'AlreadyExists' });
  await at.post(path, body(2));
  const before = await at.list(`${path}?labelSelector=${label}`);
  const watches = [await at.watch(`${path}?labelSelector=${label}&resourceVersion=${before.metadata.resourceVersion}`), ...(path === all ? [] : [await at.watch(`${all}?labelSelector=${label}&resourceVersion=${before.metadata.resourceVersion}`)])];
  const third = await at.post(path, body(3));
  const one = `${path}/${made.metadata.name}`;
  expect(await at.get(one)).toEqual(made);
  for (const where of [path, all]) expect((await at.list(`${where}?labelSelector=${label}`)).items).toHaveLength(3);
  const { patch = {}, update = {} } = kind.change ?? {};
  const patched = await at.patch(one, { metadata: { annotations: { patched: 'true' } }, ...patch });
  expect(patched).toMatchObject({ metadata: { annotations: { patched: 'true' } }, ...patch });
  newer(patched, made);
  const updated = await at.put(one, withAnnotation(await at.get(one), 'updated', update));
  expect(updated).toMatchObject({ metadata: { annotations: { updated: 'true' } }, ...update });
  for (const watch of watches) {
    // Others may write as well: the controllers of the cluster.
    expect((await watch.nextThat(({ object }) => object.metadata.uid === third.metadata.uid)).type).toBe('ADDED');
    expect(await watch.nextThat(({ object }) => object.metadata.annotations?.['patched'] === 'true')).toMatchObject({ type: 'MODIFIED', object: { kind: made.kind } });
    expect(await watch.nextThat(({ object }) => object.metadata.annotations?.['updated'] === 'true')).toMatchObject({ type: 'MODIFIED' });
  }
  if (kind.status !== undefined) await hasStatus(at, one, made, kind.status);
  await at.delete(one);
  await isGone(at, one);
  for (const watch of watches) expect((await watch.nextThat(({ type }) => type === 'DELETED')).object.metadata.uid).toBe(made.metadata.uid);
  expect((await at.list(`${path}?labelSelector=${label}`)).items).toHaveLength(2);
  await at.delete(`${path}?labelSelector=${label}`);
  expect((await at.list(`${path}?labelSelector=${label}`)).items).toEqual([]);
}
