import type { Edge, Node } from '@xyflow/react';
import type { StageLayout } from './layout.ts';
import type { Box, Pipe } from './stage-plan.ts';

/** Everything on the stage as React Flow holds it. Things that have not changed keep their identity, so that they are not drawn again. */
export interface FlowThings { readonly nodes: Node[]; readonly edges: Edge[] }

/** A place given as a transform is a coordinate system of its own, which each frame of the browser's pays for: only what glides has one. */
const node = (id: string, type: string, box: Box, data: Record<string, unknown>, zIndex: number): Node => ({
  id, type, data, zIndex, ...(data['size'] === 'card' || data['size'] === 'row' ? { className: 'glides' } : { style: { left: box.x, top: box.y, transform: 'none' } }),
  position: { x: box.x, y: box.y }, width: box.width, height: box.height, measured: { width: box.width, height: box.height },
  draggable: false, selectable: false, focusable: false, connectable: false,
});

const contains = (outer: Box, box: Box): boolean => box.x >= outer.x && box.y >= outer.y && box.x + box.width <= outer.x + outer.width && box.y + box.height <= outer.y + outer.height;
const within = (outer: Box, box: Box): Box => ({ x: box.x - outer.x, y: box.y - outer.y, width: box.width, height: box.height });

/** Remembers what was shown last, so that what is the same stays the same object. */
export class ThingsMemory {
  #last: FlowThings = { nodes: [], edges: [] };
  #byId = new Map<string, Node>();
  /** The chips of each machine, for as long as the ground stays as it is. */
  #boxes: StageLayout['boxes'] | undefined;
  #chips = new Map<string, Chips>();
  #owner = new Map<string, string>();
  #tray: Box | undefined;
  /** Those who share a card. */
  #members = new Map<string, Chips['chips']>();
  #pipes: StageLayout['pipes'] | undefined;

  next(layout: StageLayout, apiServer: string): FlowThings {
    if (layout.boxes !== this.#boxes) this.#findChips(layout);
    const nodes = this.#steady(this.#nodes(layout, apiServer));
    const edges = layout.pipes === this.#pipes ? this.#last.edges : layout.pipes.map((pipe) => edgeOf(pipe, this.#owner));
    this.#pipes = layout.pipes;
    this.#byId = new Map(nodes.map((each) => [each.id, each]));
    this.#last = { nodes, edges };
    return this.#last;
  }

  #findChips(layout: StageLayout): void {
    this.#boxes = layout.boxes;
    this.#chips = new Map();
    this.#owner = new Map();
    for (const [id, box] of layout.boxes) {
      if (!id.startsWith('host/')) continue;
      const name = id.slice('host/'.length);
      const chips = [...layout.boxes].filter(([address]) => address.startsWith(`${name}/`) && isChip(address, layout));
      for (const [address] of chips) this.#owner.set(address, id);
      const bottom = chips.reduce((most, [, chip]) => Math.max(most, chip.y + chip.height), box.y);
      this.#chips.set(id, { chips: chips.map(([address, chip]) => ({ address, box: within(box, chip) })), headTop: bottom - box.y + (layout.density === 'roomy' ? 12 : layout.density === 'tiny' ? 2 : 8), area: within(box, layout.podAreas.get(name)!.box) });
    }
    const home = layout.boxes.get(layout.trayHome);
    this.#tray = home === undefined ? undefined : within(home, layout.tray);
    this.#members = new Map();
    for (const [id, card] of layout.boxes) {
      if (!id.startsWith('card/')) continue;
      const members = [...layout.boxes].filter(([address, box]) => address !== id && contains(card, box)).map(([address, box]) => ({ address, box: within(card, box) }));
      this.#members.set(id, members);
      for (const { address } of members) this.#owner.set(address, id);
    }
  }

  /** In the order in which they came: a Pod that goes to a node would otherwise have all that come after it put into the page anew. */
  #steady(nodes: Node[]): Node[] {
    const now = new Map(nodes.map((each) => [each.id, each]));
    const there = this.#last.nodes.flatMap(({ id }) => now.get(id) ?? []);
    return [...there, ...nodes.filter(({ id }) => !this.#byId.has(id))];
  }

  #nodes(layout: StageLayout, apiServer: string): Node[] {
    const nodes: Node[] = [];
    const put = (id: string, type: string, box: Box, data: Record<string, unknown>, zIndex: number): void => {
      const before = this.#byId.get(id);
      nodes.push(before !== undefined && isSame(before, type, box, data) ? before : node(id, type, box, data, zIndex));
    };
    if (layout.frame.width > 0) put('frame', 'frame', layout.frame, {}, 0);
    put('strip', 'strip', layout.strip, {}, 2);
    for (const [id, box] of layout.boxes) {
      const name = id.slice('host/'.length);
      if (id === apiServer) put(id, 'spine', box, { address: id }, 2);
      else if (id.startsWith('host/')) put(id, 'host', box, { name, ...this.#chips.get(id), hidden: layout.podAreas.get(name)?.hidden ?? 0, density: layout.density }, 2);
      else if (!this.#owner.has(id)) {
        const members = this.#members.get(id);
        put(id, members === undefined ? 'component' : 'card', box, { address: members?.[0]?.address ?? id, ...(members !== undefined && { members }), ...(id === layout.trayHome && { tray: this.#tray, trayHidden: layout.trayHidden }) }, 2);
      }
    }
    for (const [key, { box, size }] of layout.pods) put(key, 'pod', box, { podKey: key, size }, 5);
    return nodes;
  }
}

interface Chips { readonly chips: readonly { readonly address: string; readonly box: Box }[]; readonly headTop: number; readonly area: Box }

const edgeOf = (pipe: Pipe, owner: ReadonlyMap<string, string>): Edge => ({
  id: pipe.id, type: 'pipe', source: owner.get(pipe.from) ?? pipe.from, target: owner.get(pipe.to) ?? pipe.to,
  data: { points: pipe.points, from: pipe.from, to: pipe.to, local: pipe.local, mutual: pipe.mutual === true }, focusable: false, selectable: false, zIndex: pipe.local ? 6 : 3,
});

const isChip = (id: string, layout: StageLayout): boolean => {
  const host = layout.boxes.get(`host/${id.slice(0, id.indexOf('/'))}`);
  const box = layout.boxes.get(id)!;
  return host !== undefined && box.y > layout.spine.y;
};

/** What is in `data` keeps its identity by itself, so that comparing it shallowly is enough. */
function isSame(before: Node, type: string, box: Box, data: Record<string, unknown>): boolean {
  if (before.type !== type || before.position.x !== box.x || before.position.y !== box.y || before.width !== box.width || before.height !== box.height) return false;
  for (const key in data) if (data[key] !== before.data[key]) return false;
  return true;
}
