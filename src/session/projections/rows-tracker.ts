import type { EndpointSlice, KubeObject, Lease } from '../../kubernetes/api/index.ts';
import type { Component, Fact } from '../../cluster/component.ts';
import type { Host } from '../../scenarios/topologies/index.ts';
import type { World } from '../../simulation/world.ts';
import type { RowChange } from '../port/protocol.ts';
import type { ComponentRow, Row } from '../port/rows.ts';
import { componentRow, sameComponentRow } from './component-rows.ts';
import { objectRow, objectRowKey } from './object-rows.ts';

type ResultFact = Extract<Fact, { type: 'result' }>;

export interface Told {
  /** A row became different: the old one, if there was one. */
  row(change: RowChange, before: Row | undefined): void;
  /** A lease was renewed, taken over or given up. */
  lease(before: Lease | undefined, lease: Lease): void;
  result(fact: ResultFact, eventId: number): void;
  /** What came back for a client from outside. */
  reply?(reply: unknown): void;
}

const serviceNameLabel = 'kubernetes.io/service-name';

/** Follows a world step by step and says which rows of the page change. */
export class RowsTracker {
  private readonly world: World;
  private readonly components: Readonly<Record<string, Component>>;
  private readonly hosts: readonly Host[];
  private readonly told: Told;
  private rows = new Map<string, Row>();
  private states = new Map<string, unknown>();
  private objects = new Map<string, KubeObject>();
  private services = new Map<string, KubeObject>();
  private slices = new Map<string, Map<string, EndpointSlice>>();
  private dials = new Map<string, readonly string[]>();

  constructor(world: World, components: Readonly<Record<string, Component>>, hosts: readonly Host[], told: Told) {
    this.world = world;
    this.components = components;
    this.hosts = hosts;
    this.told = told;
  }

  get current(): ReadonlyMap<string, Row> { return this.rows; }
  storedObjects(): Iterable<KubeObject> { return this.objects.values(); }

  /** Forgets everything and looks at the world as it is now, telling every row but no results: those were told before. */
  lookAfresh(): void {
    this.rows = new Map();
    this.states = new Map();
    this.objects = new Map();
    this.services = new Map();
    this.slices = new Map();
    this.dials = this.currentDials();
    this.lookAtHosts();
    for (const { address } of this.world.processes()) this.look(address, -1);
  }

  /** A process was stepped, or ended. */
  look(address: string, eventId: number): void {
    const process = this.world.process(address)!;
    const component = this.components[process.program]!;
    const state = process.snapshot?.state ?? this.onDisk(address);
    if (component.facts !== undefined && state !== undefined) {
      // Of those who agree, only who knows more than was told has anything to tell.
      const teller = component.agreement === undefined ? address : component.name;
      const before = this.states.get(teller);
      if (component.agreement === undefined || before === undefined || component.agreement(state) > component.agreement(before)) {
        for (const fact of component.facts(before, state)) this.take(fact, eventId);
        this.states.set(teller, state);
      }
    }
    const key = `component/${address}`;
    const row = componentRow(process, component, this.components, this.dials.get(address) ?? []);
    const before = this.rows.get(key) as ComponentRow | undefined;
    if (before === undefined || !sameComponentRow(before, row)) this.change(key, row);
  }

  /** What a program that does not run has left on its disk is still so: etcd's keys, a runtime's containers. */
  private onDisk(address: string): unknown {
    const { program, disk, incarnation, spec } = this.world.process(address)!;
    const component = this.components[program]!;
    if (disk === undefined || component.facts === undefined) return undefined;
    return component.initial(spec.input, disk, incarnation);
  }

  /** Power and network, which only the user changes. */
  lookAtHosts(): void { for (const host of this.hosts) this.lookAtHost(host); }

  /** Connections, which no step of a process tells about; once per frame. */
  lookAround(): void {
    const dials = this.currentDials();
    for (const { address } of this.world.processes()) {
      const before = this.rows.get(`component/${address}`) as ComponentRow | undefined;
      const now = dials.get(address) ?? [];
      if (before !== undefined && before.dials.join() !== now.join()) this.change(`component/${address}`, { ...before, dials: now });
    }
    this.dials = dials;
  }

  private lookAtHost({ name, where }: Host): void {
    const key = `host/${name}`;
    const before = this.rows.get(key);
    const powered = this.world.isPowered(name);
    const partitioned = this.world.isCutOff(name);
    const slowUs = this.world.slownessUs(name);
    if (before?.type !== 'host' || before.powered !== powered || before.partitioned !== partitioned || before.slowUs !== slowUs) this.change(key, { type: 'host', name, where, powered, partitioned, slowUs });
  }

  private currentDials(): Map<string, readonly string[]> {
    const dials = new Map<string, Set<string>>();
    for (const { dialer, acceptor } of this.world.streams()) {
      const known = dials.get(dialer);
      if (known === undefined) dials.set(dialer, new Set([acceptor]));
      else known.add(acceptor);
    }
    return new Map([...dials].map(([address, peers]) => [address, [...peers]]));
  }

  private take(fact: Fact, eventId: number): void {
    if (fact.type === 'result') {
      if (eventId >= 0) this.told.result(fact, eventId);
    } else if (fact.type === 'reply') this.told.reply?.(fact.reply);
    else if (fact.type === 'running') this.change(`truth/${fact.node}`, { type: 'truth', node: fact.node, containers: fact.containers, used: fact.used });
    else this.store(fact.key, fact.object as KubeObject | undefined);
  }

  /** `storageKey` is etcd's own, the only name a deleted object still has. */
  private store(storageKey: string, object: KubeObject | undefined): void {
    const before = this.objects.get(storageKey);
    if (object === undefined) {
      if (before === undefined) return;
      this.objects.delete(storageKey);
      this.change(objectRowKey(before), null);
    } else {
      this.objects.set(storageKey, object);
      if (object.kind === 'Lease' && object.apiVersion === 'coordination.k8s.io/v1') this.told.lease(before as Lease | undefined, object as Lease);
      // Leases and Events are too many and too small for the stage; they are asked for by name.
      if (object.kind !== 'Lease' && object.kind !== 'Event') this.change(objectRowKey(object), objectRow(object, this.slicesOf(object)));
    }
    const known = object ?? before;
    if (known?.kind === 'Service') {
      const key = `${known.metadata.namespace}/${known.metadata.name}`;
      if (object === undefined) this.services.delete(key);
      else this.services.set(key, object);
    }
    if (known?.kind === 'EndpointSlice') this.storeSlice(known as EndpointSlice, object === undefined);
  }

  private slicesOf(object: KubeObject): Iterable<EndpointSlice> {
    return object.kind === 'Service' ? this.slices.get(`${object.metadata.namespace}/${object.metadata.name}`)?.values() ?? [] : [];
  }

  private storeSlice(slice: EndpointSlice, gone: boolean): void {
    const service = slice.metadata.labels?.[serviceNameLabel];
    if (service === undefined) return;
    const key = `${slice.metadata.namespace}/${service}`;
    let known = this.slices.get(key);
    if (known === undefined) this.slices.set(key, known = new Map());
    if (gone) known.delete(slice.metadata.name);
    else known.set(slice.metadata.name, slice);
    const object = this.services.get(key);
    if (object !== undefined) this.change(objectRowKey(object), objectRow(object, known.values()));
  }

  private change(key: string, row: Row | null): void {
    const before = this.rows.get(key);
    if (row === null) this.rows.delete(key);
    else this.rows.set(key, row);
    this.told.row({ atUs: this.world.nowUs, key, row }, before);
  }
}
