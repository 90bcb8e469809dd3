/** Takes the steps of test/e2e/storage/{csi_inline,csi_node,storageclass,volumeattributesclass,volume_attachment,persistent_volumes}.go. */
import { expect } from 'vitest';
import { apiOperations, isGone, newer } from './api-operations.ts';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';
import type { Thing } from './things.ts';

const storage = 'storage.k8s.io/v1';
const labelled = { patch: { metadata: { annotations: { patched: 'true' }, labels: { patched: 'yes' } } }, update: {} };

behaviour('[sig-storage] CSIInlineVolumes should support CSIVolumeSource in Pod API [Conformance]', async (at) => {
  const pods = `${at.in('v1')}/pods`;
  const [one, two] = [{ name: 'vol1', csi: { driver: 'e2e.example.com' } }, { name: 'vol2', csi: { driver: 'e2e.example.com', fsType: 'ext4', readOnly: true } }];
  const volumeMounts = [{ name: 'vol1', mountPath: '/mnt/vol1' }, { name: 'vol2', mountPath: '/mnt/vol2' }];
  const body = { metadata: { name: 'pod' }, spec: { volumes: [one, two], containers: [{ name: 'c', image: 'registry.k8s.io/e2e-test-images/busybox:1.37.0-1', command: ['sh', '-c', 'ls /mnt/*'], volumeMounts }] } };
  const made = await at.post(pods, body);
  expect(made.spec).toMatchObject({ volumes: expect.arrayContaining([one, two]) as unknown });
  await expect(at.post(pods, body)).rejects.toMatchObject({ code: 409, reason: 'AlreadyExists' });
  expect((await at.get(`${pods}/pod`)).metadata.uid).toBe(made.metadata.uid);
  expect((await at.list(pods)).items).toHaveLength(1);
  expect((await at.patch(`${pods}/pod`, { metadata: { annotations: { patched: 'true' } } })).metadata.annotations).toMatchObject({ patched: 'true' });
  await at.delete(`${pods}/pod`);
  const left = await at.find(`${pods}/pod`);
  expect(left === undefined || left.metadata.deletionTimestamp !== undefined).toBe(true);
});

behaviour('[sig-storage] CSIInlineVolumes should run through the lifecycle of a CSIDriver [Conformance]', (at) =>
  apiOperations(at, { apiVersion: storage, resource: 'csidrivers', name: (i) => `inline-driver-${i}`, change: labelled, body: (i) => ({ spec: { volumeLifecycleModes: i === 2 ? ['Persistent', 'Ephemeral'] : ['Ephemeral'], fsGroupPolicy: 'ReadWriteOnceWithFSType' } }) }));

// Go writes a list that is not there as null.
behaviour('[sig-storage] CSINodes CSI Conformance should run through the lifecycle of a csinode [Conformance]', (at) =>
  apiOperations(at, { apiVersion: storage, resource: 'csinodes', name: (i) => `e2e-csinode-${i}`, change: labelled, body: () => ({ spec: { drivers: null } }) }));

behaviour('[sig-storage] StorageClasses CSI Conformance should run through the lifecycle of a StorageClass [Conformance]', (at) =>
  apiOperations(at, { apiVersion: storage, resource: 'storageclasses', change: labelled, body: () => ({ provisioner: 'e2e-fake-provisioner' }) }));

behaviour('[sig-storage] VolumeAttributesClass [FeatureGate:VolumeAttributesClass] should run through the lifecycle of a VolumeAttributesClass [Conformance]', (at) =>
  apiOperations(at, { apiVersion: storage, resource: 'volumeattributesclasses', change: labelled, body: () => ({ driverName: 'e2e-fake-csi-driver', parameters: { foo: 'bar' } }) }));

const attachment = (i: number) => ({ spec: { attacher: 'e2e-test.storage.k8s.io', nodeName: `e2e-node-${i}`, source: { persistentVolumeName: `pv-${i}` } } });
behaviour('[sig-storage] VolumeAttachment Conformance should run through the lifecycle of a VolumeAttachment [Conformance]', (at) =>
  apiOperations(at, { apiVersion: storage, resource: 'volumeattachments', name: (i) => `attachment-${i}`, change: labelled, body: attachment }));

behaviour('[sig-storage] VolumeAttachment Conformance should apply changes to a volumeattachment status [Conformance]', async (at) => {
  const all = `/apis/${storage}/volumeattachments`;
  const made = await at.post(all, { metadata: { generateName: 'va-e2e-' }, ...attachment(1) });
  const one = `${all}/${made.metadata.name}`;
  expect(await at.get(`${one}/status`)).toMatchObject({ metadata: { uid: made.metadata.uid }, status: { attached: false } });
  expect((await at.patch(`${one}/status`, { status: { attached: true } })).status).toMatchObject({ attached: true });
  const updated = await at.put(`${one}/status`, { ...await at.get(`${one}/status`), status: { attached: false } });
  expect(updated.status).toMatchObject({ attached: false });
  newer(updated, made);
  await at.delete(one);
  await isGone(at, one);
});

/** A volume and a claim for it; nothing here binds them, which upstream does not wait for. */
async function volumeAndClaim(at: Client): Promise<readonly [Thing, Thing]> {
  const { namespace: storageClassName } = at;
  const needs = { accessModes: ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany'], storageClassName };
  const volume = await at.post('/api/v1/persistentvolumes', { metadata: { generateName: `${at.namespace}-`, labels: { 'e2e-pv-pool': at.namespace } }, spec: { ...needs, capacity: { storage: '2Gi' }, persistentVolumeReclaimPolicy: 'Retain', csi: { driver: 'e2e-driver', volumeHandle: 'e2e-conformance' } } });
  const claim = await at.post(`${at.in('v1')}/persistentvolumeclaims`, { metadata: { generateName: 'pvc-' }, spec: { ...needs, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } });
  return [volume, claim];
}

/** Models client-go/util/retry: RetryOnConflict, since the binder writes them too. */
const updateOnConflict = (at: Client, path: string, change: (now: Thing) => object): Promise<Thing> => at.until(async () => {
  try {
    return await at.put(path, change(await at.get(path)));
  } catch (error) {
    if ((error as { readonly code?: number }).code === 409) return undefined;
    throw error;
  }
});

behaviour('[sig-storage] PersistentVolumes CSI Conformance should run through the lifecycle of a PV and a PVC [Conformance]', async (at) => {
  const [volumes, claims] = ['/api/v1/persistentvolumes', `${at.in('v1')}/persistentvolumeclaims`];
  const pool = `labelSelector=e2e-pv-pool=${at.namespace}`;
  const [volume, claim] = await volumeAndClaim(at);
  for (const [path, query, made] of [[volumes, pool, volume], [claims, '', claim]] as const) {
    expect((await at.list(`${path}?${query}`)).items.map(({ metadata }) => metadata.uid)).toEqual([made.metadata.uid]);
    const { name } = made.metadata;
    const patched = await at.patch(`${path}/${name}`, { metadata: { labels: { [name]: 'patched' } } }, 'strategic');
    expect(patched.metadata.labels).toMatchObject({ [name]: 'patched' });
    newer(patched, made);
    expect((await at.get(`${path}/${name}`)).metadata.uid).toBe(made.metadata.uid);
  }
  for (const [path, query, { metadata: { name } }] of [[claims, '', claim], [volumes, pool, volume]] as const) {
    await at.delete(`${path}/${name}`);
    await at.until(async () => (await at.list(`${path}?${query}`)).items.length === 0, 30_000);
  }
  const second = await volumeAndClaim(at);
  for (const [path, { metadata: { name } }] of [[volumes, second[0]], [claims, second[1]]] as const) {
    const updated = await updateOnConflict(at, `${path}/${name}`, (now) => ({ ...now, metadata: { ...now.metadata, labels: { ...now.metadata.labels, [name]: 'updated' } } }));
    expect(updated.metadata.labels).toMatchObject({ [name]: 'updated' });
    expect((await at.list(`${path}?labelSelector=${name}=updated`)).items).toHaveLength(1);
  }
  for (const [path, { metadata: { name } }] of [[claims, second[1]], [volumes, second[0]]] as const) {
    await at.delete(`${path}?labelSelector=${name}=updated`);
    await at.until(async () => (await at.list(`${path}?labelSelector=${name}=updated`)).items.length === 0, 30_000);
  }
});

behaviour('[sig-storage] PersistentVolumes CSI Conformance should apply changes to a pv/pvc status [Conformance]', async (at) => {
  const [{ metadata: volume }, { metadata: claim }] = await volumeAndClaim(at);
  const [ofVolume, ofClaim] = [`/api/v1/persistentvolumes/${volume.name}/status`, `${at.in('v1')}/persistentvolumeclaims/${claim.name}/status`];
  expect((await at.get<{ status: { phase: string } }>(ofClaim)).status.phase).toMatch(/^(Pending|Bound)$/);
  expect((await at.get<{ status: { phase: string } }>(ofVolume)).status.phase).toMatch(/^(Available|Bound|Pending)$/);
  const condition = (type: string) => ({ type, status: 'True', reason: `E2E ${type}`, message: 'Set from e2e test' });
  expect((await at.patch(ofClaim, { status: { conditions: [condition('StatusPatched')] } })).status).toMatchObject({ conditions: [condition('StatusPatched')] });
  const words = { message: 'StatusPatched', reason: 'E2E patchStatus' };
  expect((await at.patch(ofVolume, { status: words })).status).toMatchObject(words);
  const conditions = [condition('StatusPatched'), condition('StatusUpdated')];
  expect((await updateOnConflict(at, ofClaim, (now) => ({ ...now, status: { ...now.status as object, conditions } }))).status).toMatchObject({ conditions });
  const update = { message: 'StatusUpdated', reason: 'E2E updateStatus' };
  expect((await updateOnConflict(at, ofVolume, (now) => ({ ...now, status: { ...now.status as object, ...update } }))).status).toMatchObject(update);
});
