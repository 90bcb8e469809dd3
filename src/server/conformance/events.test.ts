/** Takes the steps of test/e2e/instrumentation/{core_events,events}.go. */
import { expect } from 'vitest';
import { isGone, newer } from './api-operations.ts';
import type { Client } from './client.ts';
import { behaviour } from './harness.ts';

const names = async (at: Client, path: string): Promise<readonly string[]> => (await at.list(path)).items.filter(({ metadata }) => metadata.namespace === at.namespace).map(({ metadata }) => metadata.name);
const series = (count: number, lastObservedTime: string) => ({ count, lastObservedTime });

behaviour('[sig-instrumentation] Events should manage the lifecycle of an event [Conformance]', async (at) => {
  const events = `${at.in('v1')}/events`;
  await at.post(events, { metadata: { name: 'event-test', labels: { 'testevent-constant': 'true' } }, message: 'This is a test event', reason: 'Test', type: 'Normal', count: 1, involvedObject: { namespace: at.namespace } });
  expect(await names(at, '/api/v1/events?labelSelector=testevent-constant=true')).toEqual(['event-test']);
  await at.patch(`${events}/event-test`, { message: 'This is a test event - patched' }, 'strategic');
  const { metadata: { resourceVersion: _version, managedFields: _managed, ...metadata }, ...event } = await at.get(`${events}/event-test`);
  expect(event['message']).toBe('This is a test event - patched');
  // As Go writes what it read.
  const wanted = { ...event, metadata, series: series(100, '2017-09-19T13:49:16.000000Z') };
  await at.put(`${events}/event-test`, wanted);
  expect(await at.get(`${events}/event-test`)).toMatchObject(wanted);
  await at.delete(`${events}/event-test`);
  expect(await names(at, '/api/v1/events?labelSelector=testevent-constant=true')).toEqual([]);
});

behaviour('[sig-instrumentation] Events should delete a collection of events [Conformance]', async (at) => {
  const events = `${at.in('v1')}/events`;
  for (const i of [1, 2, 3]) await at.post(events, { metadata: { name: `test-event-${i}`, labels: { 'testevent-set': 'true' } }, message: `This is test-event-${i}`, reason: 'Test', type: 'Normal', count: 1, involvedObject: { namespace: at.namespace } });
  expect(await names(at, `${events}?labelSelector=testevent-set=true`)).toHaveLength(3);
  await at.delete(`${events}?labelSelector=testevent-set=true`);
  await at.until(async () => (await names(at, `${events}?labelSelector=testevent-set=true`)).length === 0, 10_000);
});

const newEvent = (at: Client, name: string, label: string) => ({
  metadata: { name, labels: { [label]: 'true' } }, eventTime: '2017-09-19T13:49:05.000000Z', note: `This is ${name}`, action: 'Do', reason: 'Test', type: 'Normal', regarding: { namespace: at.namespace },
  reportingController: 'test-controller', reportingInstance: 'test-node', series: series(1, '2017-09-19T13:49:06.000000Z'),
});
behaviour('[sig-instrumentation] Events API should ensure that an event can be fetched, patched, deleted, and listed [Conformance]', async (at) => {
  const [events, all] = [`${at.in('events.k8s.io/v1')}/events`, '/apis/events.k8s.io/v1/events'];
  const made = await at.post(events, newEvent(at, 'event-test', 'testevent-constant'));
  for (const path of [all, events, `${at.in('v1')}/events?fieldSelector=source=test-controller`, `${events}?fieldSelector=reportingController=test-controller`]) expect(await names(at, path)).toEqual(['event-test']);
  const { managedFields: _of, resourceVersion: _first, ...metadata } = made.metadata;
  const wanted = { ...made, metadata, series: series(2, '2017-09-19T13:49:11.000000Z') };
  await at.patch(`${events}/event-test`, { series: wanted.series }, 'strategic');
  const patched = await at.get(`${events}/event-test`);
  expect(patched).toMatchObject(wanted);
  newer(patched, made);
  await at.put(`${events}/event-test`, { ...wanted, series: series(100, '2017-09-19T13:49:16.000000Z') });
  expect(await at.get(`${events}/event-test`)).toMatchObject({ ...wanted, series: series(100, '2017-09-19T13:49:16.000000Z') });
  await at.delete(`${events}/event-test`);
  await isGone(at, `${events}/event-test`);
  for (const path of [all, events]) expect(await names(at, path)).toEqual([]);
});

behaviour('[sig-instrumentation] Events API should delete a collection of events [Conformance]', async (at) => {
  const events = `${at.in('events.k8s.io/v1')}/events`;
  for (const i of [1, 2, 3]) await at.post(events, newEvent(at, `test-event-${i}`, 'testevent-set'));
  expect(await names(at, `${events}?labelSelector=testevent-set=true`)).toHaveLength(3);
  await at.delete(`${events}?labelSelector=testevent-set=true`);
  expect(await names(at, `${events}?labelSelector=testevent-set=true`)).toEqual([]);
});
