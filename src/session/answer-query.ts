import type { Component } from '../cluster/component.ts';
import { viewChart } from '../simulation/process/chart-view.ts';
import type { KubeObject } from '../kubernetes/api/index.ts';
import type { World } from '../simulation/world.ts';
import type { Query, QueryAnswer, RecordView } from './port/protocol.ts';
import type { ComponentRow } from './port/rows.ts';
import { causalityAnswer } from './projections/causality.ts';
import { activityAnswer } from './projections/activity.ts';
import { etcdAnswer } from './projections/etcd-view.ts';
import { exchangeAnswer } from './projections/exchange.ts';
import { familyAnswer } from './projections/family.ts';
import { historyAnswer } from './projections/history.ts';
import { machineAnswer } from './projections/machine.ts';
import { lossesOf } from './projections/losses.ts';
import { readable } from './projections/readable.ts';
import { causesOf, counterpart, recordView } from './projections/record-views.ts';
import type { RowsTracker } from './projections/rows-tracker.ts';
import { schedulingAnswer } from './projections/scheduling.ts';
import { serviceAnswer } from './projections/service-view.ts';
import { whyAnswer } from './projections/why/why.ts';
import { notActedOn } from '../kubernetes/schema/index.ts';

/** Answers a question about the world as it stands. */
export function answerQuery(world: World, components: Readonly<Record<string, Component>>, tracker: RowsTracker, query: Query, commandOf: (inputNumber: number) => string | undefined): QueryAnswer {
  switch (query.type) {
    case 'object': return objectAnswer(tracker, query);
    case 'activity': return activityAnswer(world, components, query);
    case 'etcd': return etcdAnswer(world, query);
    case 'exchange': return exchangeAnswer(world, query);
    case 'family': return familyAnswer(tracker.storedObjects(), query);
    case 'history': return historyAnswer(world, query);
    case 'machine': return machineAnswer(world, tracker.storedObjects(), query);
    case 'scheduling': return schedulingAnswer(world, query);
    case 'state-hash': return { type: 'state-hash', atUs: world.nowUs, hash: world.stateHash() };
    case 'service': return serviceAnswer(world, tracker.storedObjects(), query);
    case 'record': {
      const record = world.record(query.recordId);
      if (record === undefined) return { type: 'nothing', text: 'This has not happened yet at the moment you are looking at.' };
      const find = (id: number) => world.record(id);
      const other = record.what === 'message' ? counterpart(record, find, world.recorded) : undefined;
      const named = (view: RecordView): RecordView => {
        const at = find(view.id);
        const command = at?.what === 'input' ? commandOf(at.number) : undefined;
        return command === undefined ? view : { ...view, title: command, sentence: `You: ${command}` };
      };
      return { type: 'record', record: named(recordView(record, true, find)), causes: causesOf(record, find).map(named), ...(other !== undefined && { counterpart: other }) };
    }
    case 'losses': return lossesOf(world, query);
    case 'causality': return causalityAnswer(world, query, commandOf);
    case 'why': return whyAnswer(world, tracker.current, tracker.storedObjects(), query);
    case 'component': {
      const process = world.process(query.address);
      const component = process && components[process.program];
      if (process === undefined || component === undefined) return { type: 'nothing', text: `Nothing runs at ${query.address}.` };
      return {
        type: 'component', row: tracker.current.get(`component/${query.address}`) as ComponentRow, chart: viewChart(component.machine, process.snapshot?.value),
        knows: process.snapshot === undefined ? undefined : readable(process.snapshot.state), duty: component.descriptor.duty, upstream: component.descriptor.upstream,
      };
    }
  }
}

interface EventLike { readonly kind: string; readonly involvedObject?: { readonly kind?: string; readonly name?: string; readonly namespace?: string; readonly uid?: string } }

function objectAnswer(tracker: RowsTracker, query: Extract<Query, { type: 'object' }>): QueryAnswer {
  let found: unknown;
  const events: unknown[] = [];
  for (const object of tracker.storedObjects()) {
    if (object.kind === query.kind && object.metadata.name === query.name && (object.metadata.namespace ?? '') === query.namespace) found = object;
    const about = object.kind === 'Event' ? (object as unknown as EventLike).involvedObject : undefined;
    if (about !== undefined && about.kind === query.kind && about.name === query.name && (query.namespace === '' || about.namespace === query.namespace)) events.push(object);
  }
  if (found === undefined) return { type: 'nothing', text: `There is no ${query.kind} ${query.name} at the moment you are looking at.` };
  // In the order in which they were last said; the list comes in the order of their names.
  events.sort((a, b) => Number((a as KubeObject).metadata.resourceVersion) - Number((b as KubeObject).metadata.resourceVersion));
  return { type: 'object', object: found, notActedOn: notActedOn(found).map(({ path }) => path), events };
}
