import { layPipes } from './pipes.ts';
import { cardKey } from './stage-plan.ts';
import type { Box, Inventory, Pipe, Program } from './stage-plan.ts';

/**
 * Where everything on the stage is: a pure function of what there is and of the room it has. Whoever decides is above the API server,
 * whoever does is below it; everybody's pipe to it is vertical, and none crosses another.
 */

/** How much is written on each thing. */
export type Density = 'roomy' | 'medium' | 'tight' | 'tiny';
export type PodSize = 'card' | 'row' | 'chip' | 'cell';
export interface PodPlace { readonly box: Box; readonly size: PodSize }

export interface StageLayout {
  readonly width: number;
  readonly height: number;
  readonly zoom: number;
  readonly density: Density;
  readonly spine: Box;
  readonly frame: Box;
  readonly strip: Box;
  readonly tray: Box;
  /** The card in which the tray is. */
  readonly trayHome: string;
  /** By address, `host/<name>` for nodes, and `card/<name>` where several programs of one name share a card. */
  readonly boxes: ReadonlyMap<string, Box>;
  /** Where a node's Pods are, and how many did not fit. */
  readonly podAreas: ReadonlyMap<string, { readonly box: Box; readonly hidden: number }>;
  readonly pods: ReadonlyMap<string, PodPlace>;
  readonly trayHidden: number;
  readonly pipes: readonly Pipe[];
}

interface Measures { readonly density: Density; readonly gap: number; readonly control: number; readonly above: number; readonly spine: number; readonly below: number; readonly chip: number; readonly strip: number; readonly head: number; readonly pad: number }

const roomy: Measures = { density: 'roomy', gap: 16, control: 132, above: 68, spine: 88, below: 62, chip: 44, strip: 44, head: 84, pad: 24 };
const medium: Measures = { density: 'medium', gap: 16, control: 112, above: 48, spine: 60, below: 46, chip: 30, strip: 40, head: 80, pad: 16 };
const tight: Measures = { density: 'tight', gap: 16, control: 94, above: 34, spine: 44, below: 32, chip: 28, strip: 36, head: 78, pad: 12 };
const tiny: Measures = { density: 'tiny', gap: 8, control: 66, above: 28, spine: 38, below: 26, chip: 24, strip: 28, head: 46, pad: 8 };
/** A phone: its control plane stands in two rows. */
const narrow: Measures = { ...tiny, control: 80, spine: 40, strip: 32 };
const upperRow = 58;
const gap = 16;
const leastWidth = 500;
const leastPodArea = 46;
const denserFrom = 0.9;
const zooms = [1, 0.9, 0.85, 0.8, 0.77, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];

const isNarrow = (inventory: Inventory, width: number): boolean => width < 620 && inventory.outside.length === 1 && inventory.control.filter(isStore).length === 1;
const isStore = ({ role }: { readonly role: string }): boolean => role === 'store';
/** A narrow stage has its machines in rows: it needs its height for them. */
const measuresFor = (width: number, height: number): Measures => (width < 620 ? tight : height >= 780 ? roomy : height >= 520 ? medium : height >= 420 ? tight : tiny);
const chipsHeight = (measures: Measures): number => measures.chip * 2 + 8;
/** A node's programs stand half out of its upper edge. */
const chipsAbove = (measures: Measures): number => Math.round(measures.chip / 2);
/** On a narrow stage with many rows the pipes of one column share a way up: there is no room for one each. */
const trunkStep = (measures: Measures, rows: number): number => (measures !== narrow ? 5 : rows > 3 ? 0 : 4);
const leastHost = (measures: Measures): number => chipsHeight(measures) - chipsAbove(measures) + measures.head + leastPodArea;

/** All that stays where it is while Pods come and go. */
type Ground = Omit<StageLayout, 'pods' | 'podAreas' | 'trayHidden'> & { readonly measures: Measures };

/** Lays the stage out for a window of this size, as large as it can be shown whole. */
export function layStage(inventory: Inventory, width: number, height: number): StageLayout {
  const { measures, ...ground } = groundFor(inventory, width, height);
  const [pods, podAreas] = layPods(inventory, ground.boxes, measures);
  const trayHidden = placePods(inventory.pending, ground.tray, pods, ['chip', 'cell']);
  return { ...ground, pods, podAreas, trayHidden };
}

let lastKey = '';
let lastGround: Ground | undefined;

/** The ground is laid once for as long as the machines and programs stay: Pods come many times a second, and everything else keeps its identity. */
function groundFor(inventory: Inventory, width: number, height: number): Ground {
  const { outside, control, cloud, frontDoor } = inventory;
  const key = JSON.stringify([width, height, frontDoor, outside, control, cloud, inventory.hosts.map(({ name, slim, programs }) => [name, slim, programs])]);
  if (key !== lastKey || lastGround === undefined) [lastKey, lastGround] = [key, layGround(inventory, width, height)];
  return lastGround;
}

function layGround(inventory: Inventory, width: number, height: number): Ground {
  // What would have to be made smaller than one can read is better moved up and down.
  if (isNarrow(inventory, width)) return groundAt(inventory, width, height, 1, narrow);
  const leastZoom = width < 700 || height < 430 ? 0.9 : zooms[zooms.length - 1]!;
  for (const zoom of zooms) {
    const [wide, high] = [width / zoom, height / zoom];
    if (wide < leastWidth && zoom !== leastZoom) continue;
    const natural = measuresFor(wide, high);
    // Before letters become too small to read, less is written.
    for (const measures of zoom > denserFrom || wide < leastWidth ? [natural] : [natural, tight, tiny]) {
      const ground = groundAt(inventory, wide, high, zoom, measures);
      if (ground.height <= high + 1) return ground;
    }
    if (zoom === leastZoom) return groundAt(inventory, wide, high, zoom, natural);
  }
  throw new Error('no zoom to lay the stage out at');
}

function groundAt(inventory: Inventory, width: number, height: number, zoom: number, measures: Measures): Ground {
  const small = measures === narrow;
  const { pad, gap } = measures;
  const boxes = new Map<string, Box>();
  const frame = small ? layControlInRows(inventory, boxes, width, measures) : layControl(inventory, boxes, width, measures);
  const spine: Box = { x: pad, y: pad + 8 + measures.control + (small ? upperRow + gap : 0) + measures.above, width: width - 2 * pad, height: measures.spine };
  boxes.set(inventory.frontDoor.address, spine);
  const top = spine.y + spine.height + measures.below + chipsAbove(measures);
  const bottom = layHosts(inventory, boxes, { width, height, top, measures });
  const waiting = inventory.control.find(({ role }) => role === 'waiting-room');
  const trayHome = waiting === undefined ? '' : homeOf(waiting);
  const home = waiting === undefined ? undefined : boxes.get(trayHome);
  const tray = home === undefined ? { x: spine.x, y: spine.y, width: 0, height: 0 } : trayIn(home, measures, waiting!.members.length > 1 ? memberHeight(measures) + 8 : 0);
  return {
    width, height: bottom + gap + measures.strip + pad / 2, zoom, density: measures.density, spine, frame, tray, trayHome, boxes, measures,
    strip: { x: pad, y: Math.max(bottom + gap, height - measures.strip - pad / 2), width: width - 2 * pad - (measures.density !== 'tiny' ? 124 : width * zoom < 620 || height * zoom < 430 ? 84 : 216) / zoom, height: measures.strip },
    pipes: layPipes(inventory, boxes, { spine, chipsAbove: chipsAbove(measures), trunkStep: trunkStep(measures, new Set(inventory.hosts.map((host) => boxes.get(`host/${host.name}`)!.y)).size), ...(small && { edge: { inside: edgePipe, rowHeight: upperRow } }) }),
  };
}

const trayIn = (home: Box, { density }: Measures, below: number): Box => {
  const head = density === 'tiny' ? 34 : 54;
  return { x: home.x + 10, y: home.y + head, width: home.width - 20, height: home.height - head - 6 - below };
};

type Card = Inventory['control'][number];
const homeOf = ({ name, members }: Card): string => (members.length === 1 ? members[0]!.address : cardKey(name));
/** More programs of one name need more room, though not as much each as one alone. */
const weightOf = ({ breadth, members }: Card): number => 1.4 * breadth * (1 + 0.3 * (members.length - 1));
const memberHeight = ({ density }: Measures): number => ({ roomy: 42, medium: 34, tight: 26, tiny: 22 })[density];

/** Gives a card its place, and those who share it theirs along its lower edge. */
function putCard(card: Card, box: Box, boxes: Map<string, Box>, measures: Measures): void {
  boxes.set(homeOf(card), box);
  if (card.members.length === 1) return;
  const [margin, between, height] = [8, 8, Math.min(memberHeight(measures), box.height / 2)];
  const width = (box.width - 2 * margin - between * (card.members.length - 1)) / card.members.length;
  card.members.forEach(({ address }, index) => boxes.set(address, { x: box.x + margin + index * (width + between), y: box.y + box.height - height - margin / 2, width, height }));
}

function layControl(inventory: Inventory, boxes: Map<string, Box>, width: number, measures: Measures): Box {
  const { pad } = measures;
  const { outside, control, cloud } = inventory;
  const total = outside.length * 1.25 + control.reduce((sum, card) => sum + weightOf(card), 0) + cloud.length * 1.1 || 1;
  // Between the control plane and those beside it there is room for the frame's edge.
  const room = width - 2 * pad - (outside.length + control.length + cloud.length - 1) * gap - (gap + 8) - (cloud.length > 0 ? gap : 0);
  let x = pad;
  const next = (weight: number): Box => {
    const box = { x, y: pad + 8, width: (room * weight) / total, height: measures.control };
    x += box.width + gap;
    return box;
  };
  for (const { address } of outside) boxes.set(address, next(1.25));
  x += outside.length === 0 ? 0 : gap;
  const frameX = x;
  for (const card of control) putCard(card, next(weightOf(card)), boxes, measures);
  const frameEnd = x - gap;
  x += gap;
  for (const { address } of cloud) boxes.set(address, next(1.1));
  return { x: frameX - 10, y: pad - 6, width: frameEnd - frameX + 20, height: measures.control + 24 };
}

/** Those with a pipe at the outer edge above, those with one in their middle below: so all pipes are straight here too. */
function layControlInRows(inventory: Inventory, boxes: Map<string, Box>, width: number, measures: Measures): Box {
  const { pad, gap, control } = measures;
  type Placing = (box: Box) => void;
  const alone = ({ address }: Program): Placing => (box) => { boxes.set(address, box); };
  const shared = (card: Card): Placing => (box) => putCard(card, box, boxes, measures);
  const row = (placings: readonly Placing[], left: number, y: number, height: number): void => {
    const each = (width - 2 * left - (placings.length - 1) * gap) / Math.max(1, placings.length);
    placings.forEach((place, index) => place({ x: left + index * (each + gap), y, width: each, height }));
  };
  row([...inventory.outside.map(alone), ...inventory.control.filter(isStore).map(shared)], pad, pad + 4, upperRow);
  row([...inventory.control.filter((card) => !isStore(card)).map(shared), ...inventory.cloud.map(alone)], pad + edgePipe * 2, pad + 4 + upperRow + gap, control);
  return { x: 0, y: 0, width: 0, height: 0 };
}

/** How far inside the outer edge of a narrow stage's upper row the pipes are. */
const edgePipe = 7;

interface HostRoom { readonly width: number; readonly height: number; readonly top: number; readonly measures: Measures }

function layHosts(inventory: Inventory, boxes: Map<string, Box>, { width, height, top, measures }: HostRoom): number {
  const { pad, gap } = measures;
  const count = inventory.hosts.length;
  const leastHostWidth = measures === narrow ? 164 : measures.density === 'tiny' ? (width > 900 ? 180 : 140) : width < 620 ? 200 : 168;
  const most = Math.max(1, Math.floor((width - 2 * pad + gap) / (leastHostWidth + gap)));
  const rows = Math.max(1, Math.ceil(count / most));
  const columns = Math.max(1, Math.ceil(count / rows));
  const gutter = rows === 1 ? gap : Math.max(gap + 4, (rows - 1) * 2 * trunkStep(measures, rows) + (measures === narrow ? 8 : 12));
  const rowGap = gap + chipsAbove(measures) + (measures === narrow ? 14 : 18);
  const available = height - top - gap - measures.strip - pad / 2;
  const high = Math.max(leastHost(measures), (available - (rows - 1) * rowGap) / rows);
  const weightsOf = (from: number) => inventory.hosts.slice(from, from + columns).map((host) => (host.slim && rows === 1 ? (width < 1300 ? 0.92 : 0.76) : 1));
  inventory.hosts.forEach((host, index) => {
    const row = Math.floor(index / columns);
    const inRow = rows === 1 ? weightsOf(0) : Array.from({ length: columns }, () => 1);
    const unit = (width - 2 * pad - (columns - 1) * gutter - (rows > 1 ? gutter - (measures === narrow ? pad : 0) : 0)) / inRow.reduce((sum, weight) => sum + weight, 0);
    const column = index % columns;
    const before = inRow.slice(0, column).reduce((sum, weight) => sum + weight * unit + gutter, rows > 1 ? gutter - (measures === narrow ? pad : 0) : 0);
    const box = { x: pad + before, y: top + row * (high + rowGap), width: unit * (inRow[column] ?? 1), height: high };
    boxes.set(`host/${host.name}`, box);
    layPrograms(host, box, boxes, measures);
  });
  return top + rows * high + (rows - 1) * rowGap;
}

/** Those who dial beyond their machine stand nearest to the door; the runtime is below the kubelet that calls it. */
function layPrograms(host: Inventory['hosts'][number], box: Box, boxes: Map<string, Box>, measures: Measures): void {
  const here = new Set(host.programs.map(({ address }) => address));
  const leaves = ({ dials }: Program): boolean => dials.some((to) => !here.has(to));
  const [margin, between] = measures.density === 'tiny' ? [6, 4] : [10, 8];
  const inner = box.width - 2 * margin;
  const place = (programs: typeof host.programs, row: number): void => {
    const width = (inner - between * (programs.length - 1)) / Math.max(1, programs.length);
    programs.forEach(({ address }, index) =>
      boxes.set(address, { x: box.x + margin + index * (width + between), y: box.y - chipsAbove(measures) + row * (measures.chip + 8), width, height: measures.chip }));
  };
  place(host.programs.filter(leaves), 0);
  place(host.programs.filter((program) => !leaves(program)), 1);
}

function layPods(inventory: Inventory, boxes: ReadonlyMap<string, Box>, measures: Measures): [Map<string, PodPlace>, Map<string, { box: Box; hidden: number }>] {
  const pods = new Map<string, PodPlace>();
  const areas = new Map<string, { box: Box; hidden: number }>();
  for (const host of inventory.hosts) {
    const box = boxes.get(`host/${host.name}`)!;
    const top = box.y - chipsAbove(measures) + chipsHeight(measures) + measures.head;
    const area = { x: box.x + 10, y: top, width: box.width - 20, height: box.y + box.height - (measures.density === 'tiny' ? 4 : 10) - top };
    areas.set(host.name, { box: area, hidden: placePods(host.pods, area, pods, ['card', 'row', 'chip', 'cell']) });
  }
  return [pods, areas];
}

const podSizes: Readonly<Record<PodSize, { readonly least: number; readonly most: number; readonly height: number; readonly gap: number }>> = {
  card: { least: 150, most: 230, height: 96, gap: 10 },
  row: { least: 140, most: 230, height: 46, gap: 8 },
  chip: { least: 104, most: 190, height: 26, gap: 6 },
  cell: { least: 22, most: 22, height: 22, gap: 5 },
};

/** Puts Pods into an area in the largest size in which all fit; returns how many fit in none. */
function placePods(keys: readonly string[], area: Box, into: Map<string, PodPlace>, sizes: readonly PodSize[]): number {
  for (const size of sizes) {
    const { least, most, height, gap: between } = podSizes[size];
    const columns = Math.max(1, Math.floor((area.width + between) / (least + between)));
    const rows = Math.max(0, Math.floor((area.height + between) / (height + between)));
    const last = size === sizes[sizes.length - 1];
    if (columns * rows < keys.length && !last) continue;
    const width = Math.min(most, (area.width - (columns - 1) * between) / columns);
    const shown = keys.slice(0, columns * rows);
    shown.forEach((key, index) => into.set(key, {
      size, box: { x: area.x + (index % columns) * (width + between), y: area.y + Math.floor(index / columns) * (height + between), width, height },
    }));
    return keys.length - shown.length;
  }
  return keys.length;
}
