import { activeStates } from '../../simulation/process/chart-view.ts';
import type { ProcessSpec } from '../../simulation/recording/records.ts';
import type { ProcessView } from '../../simulation/world.ts';
import type { Component } from '../../cluster/component.ts';
import type { ComponentRow } from '../port/rows.ts';

type Standing = Pick<ComponentRow, 'where' | 'rank' | 'role' | 'breadth' | 'mayDial'>;
type Components = Readonly<Record<string, Component>>;
const standings = new WeakMap<ProcessSpec, Standing>();

/** What the descriptor says of its place; the same object each time, because rows are made with every step. */
function standingOf(spec: ProcessSpec, component: Component, components: Components): Standing {
  const known = standings.get(spec);
  if (known !== undefined) return known;
  const { where, rank = 100, role = '', breadth = 1 } = component.descriptor;
  const standing: Standing = { where, rank, role, breadth, mayDial: peersOf(spec, component, components) };
  standings.set(spec, standing);
  return standing;
}

/** Whom it dials: where there are two ways to the API, the one that it was given an address of. */
function peersOf({ input }: ProcessSpec, { dials }: Component, components: Components): readonly string[] {
  const names = dials.map((peer) => peer.component);
  const isDoor = (name: string): boolean => ['front-door', 'balancer'].includes(components[name]?.descriptor.role ?? '');
  if (names.filter(isDoor).length < 2) return names;
  const given = Object.values((input ?? {}) as Readonly<Record<string, unknown>>);
  return names.filter((name) => !isDoor(name) || given.some((value) => typeof value === 'string' && value.endsWith(`/${name}`)));
}

/** What the stage shows of one running (or stopped) program. */
export function componentRow(process: ProcessView, component: Component, components: Components, dials: readonly string[]): ComponentRow {
  const { snapshot } = process;
  const summary = snapshot === undefined ? { line: 'stopped' } : component.summary(snapshot.state);
  return {
    type: 'component', address: process.address, name: component.name, title: component.descriptor.title, glyph: component.descriptor.glyph,
    host: process.host, ...standingOf(process.spec, component, components), running: process.running,
    states: snapshot === undefined ? [] : activeStates(snapshot.value).map((path) => path.at(-1)!),
    line: summary.line, gauges: summary.gauges ?? [], counters: summary.counters ?? {}, dials,
  };
}

/** Equal enough that the screen need not hear of it. */
export function sameComponentRow(a: ComponentRow, b: ComponentRow): boolean {
  return a.running === b.running && a.line === b.line && sameList(a.states, b.states) && sameList(a.dials, b.dials)
    && a.gauges.length === b.gauges.length && a.gauges.every((gauge, i) => gauge.name === b.gauges[i]!.name && gauge.desired === b.gauges[i]!.desired && gauge.actual === b.gauges[i]!.actual)
    && sameRecord(a.counters, b.counters);
}

const sameList = (a: readonly string[], b: readonly string[]): boolean => a === b || (a.length === b.length && a.every((item, i) => item === b[i]));

function sameRecord(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
