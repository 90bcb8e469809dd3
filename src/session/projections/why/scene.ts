import { resourceOfKind, type Container, type KubeObject, type OwnerReference, type Pod } from '../../../kubernetes/api/index.ts';
import { etcdKey } from '../../../scenarios/cluster-view.ts';
import type { TraceRecord } from '../../../simulation/recording/records.ts';
import type { ComponentRow, HostRow, Row } from '../../port/rows.ts';
import type { Evidence, Remedy, WhyAnswer } from '../../port/why.ts';
import { keyOfInvolved } from '../about.ts';
import { lastWrites, requestBehind, type Trace } from '../last-writes.ts';
import { objectRowKey } from '../object-rows.ts';

/** What is found out about an object before it is told. */
export type Verdict = Omit<WhyAnswer, 'type'>;

export const verdict = (tone: Verdict['tone'], text: string, evidence: readonly (Evidence | undefined)[] = [], remedies: readonly (Remedy | undefined)[] = []): Verdict =>
  ({ verdict: text, tone, evidence: evidence.filter((each) => each !== undefined), remedies: remedies.filter((each) => each !== undefined) });

/** An Event as the API server stores it. */
export interface StoredEvent extends KubeObject { readonly reason?: string; readonly message?: string; readonly type?: string; readonly involvedObject?: { readonly kind?: string; readonly namespace?: string; readonly name?: string; readonly uid?: string } }

/** Where the reasons are looked for: the rows of the stage, what is stored, and the trace. */
export class Scene {
  readonly nowUs: number;
  readonly rows: ReadonlyMap<string, Row>;
  private readonly byKind = new Map<string, KubeObject[]>();
  private readonly byKey = new Map<string, KubeObject>();
  private eventsByKey: Map<string, StoredEvent[]> | undefined;
  private readonly trace: Trace;
  private writes: ReadonlyMap<string, number> | undefined;

  constructor(world: Trace & { readonly nowUs: number }, rows: ReadonlyMap<string, Row>, objects: Iterable<KubeObject>) {
    this.nowUs = world.nowUs;
    this.trace = world;
    this.rows = rows;
    for (const object of objects) {
      this.byKey.set(objectRowKey(object), object);
      const beside = this.byKind.get(object.kind);
      if (beside === undefined) this.byKind.set(object.kind, [object]);
      else beside.push(object);
    }
  }

  all<T extends KubeObject>(kind: string, namespace?: string): readonly T[] {
    const objects = (this.byKind.get(kind) ?? []) as unknown as readonly T[];
    return namespace === undefined ? objects : objects.filter((each) => (each.metadata.namespace ?? '') === namespace);
  }

  find<T extends KubeObject>(kind: string, namespace: string, name: string): T | undefined { return this.byKey.get(`object/${kind}/${namespace}/${name}`) as T | undefined; }

  /** The events about an object, newest first. */
  events(object: KubeObject): readonly StoredEvent[] {
    if (this.eventsByKey === undefined) {
      this.eventsByKey = new Map();
      const newestFirst = [...this.all<StoredEvent>('Event')].sort((a, b) => Number(b.metadata.resourceVersion) - Number(a.metadata.resourceVersion));
      for (const event of newestFirst) {
        const key = keyOfInvolved(event) ?? '';
        const beside = this.eventsByKey.get(key);
        if (beside === undefined) this.eventsByKey.set(key, [event]);
        else beside.push(event);
      }
    }
    return this.eventsByKey.get(objectRowKey(object)) ?? [];
  }

  event(object: KubeObject, ...reasons: readonly string[]): StoredEvent | undefined {
    return this.events(object).find(({ reason = '' }) => reasons.includes(reason));
  }

  /** Where the programs of this name are on the control plane. */
  controlPlane(name: string): readonly string[] {
    return [...this.rows.values()].flatMap((row) => (row.type === 'component' && row.name === name && row.where === 'control-plane' ? [row.address] : []));
  }

  host(name: string): HostRow | undefined {
    const row = this.rows.get(`host/${name}`);
    return row?.type === 'host' ? row : undefined;
  }

  component(address: string): ComponentRow | undefined {
    const row = this.rows.get(`component/${address}`);
    return row?.type === 'component' ? row : undefined;
  }

  /** The request that wrote an object last. */
  writer(object: KubeObject): number | undefined {
    const info = resourceOfKind(object.kind);
    if (info === undefined) return undefined;
    this.writes ??= lastWrites(this.trace);
    const write = this.writes.get(etcdKey({ info, namespace: object.metadata.namespace ?? '', name: object.metadata.name }));
    return write === undefined ? undefined : requestBehind(this.trace, write);
  }

  /** The newest record of which it is so. */
  lastRecord(isSo: (record: TraceRecord) => boolean): number | undefined {
    for (let id = this.trace.recorded - 1; id >= 0; id -= 1) if (isSo(this.trace.record(id)!)) return id;
    return undefined;
  }

  record(id: number): TraceRecord | undefined { return this.trace.record(id); }

  /** An object's own words as evidence: the door leads to whoever wrote it last. */
  said(object: KubeObject, text: string): Evidence {
    const key = objectRowKey(object);
    return this.backed(text, this.writer(object), this.rows.has(key) ? key : undefined);
  }

  eventSaid(event: StoredEvent | undefined): Evidence | undefined {
    return event && this.backed(`Event ${event.reason ?? ''}: ${event.message ?? ''}`, this.writer(event));
  }

  /** Evidence with the doors that there are. */
  backed(text: string, recordId?: number, key?: string): Evidence { return { text, ...(recordId !== undefined && { recordId }), ...(key !== undefined && { key }) }; }
}

export const controllerOf = (object: KubeObject): OwnerReference | undefined => object.metadata.ownerReferences?.find((owner) => owner.controller === true);

export const containersOf = ({ spec }: Pod): readonly Container[] => [...(spec.initContainers ?? []), ...spec.containers];

/** A message inside a sentence: without the full stop that the sentence has itself. */
export const quoted = (message: string | undefined): string => `“${(message ?? '').replace(/\.$/, '')}”`;

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
