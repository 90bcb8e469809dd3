import type { Edge, Node } from '@xyflow/react';
import type { Box, StageLayout } from './layout.ts';

/** Everything on the stage as React Flow holds it. Things that have not changed keep their identity, so that they are not drawn again. */
export interface FlowThings { readonly nodes: Node[]; readonly edges: Edge[] }

const node = (id: string, type: string, box: Box, data: Record<string, unknown>, zIndex: number): Node => ({
  id, type, data, zIndex, position: { x: box.x, y: box.y }, width: box.width, height: box.height, measured: { width: box.width, height: box.height },
  draggable: false, selectable: false, focusable: false, connectable: false,
});

const within = (outer: Box, box: Box): Box => ({ x: box.x - outer.x, y: box.y - outer.y, width: box.width, height: box.height });

/** Remembers what was shown last, so that what is the same stays the same object. */
export class ThingsMemory {
  #last: FlowThings = { nodes: [], edges: [] };

  next(layout: StageLayout, apiServer: string): FlowThings {
    this.#last = flowThings(layout, apiServer, this.#last);
    return this.#last;
  }
}

/** Turns a layout into nodes and edges, keeping the earlier ones where they say the same. */
function flowThings(layout: StageLayout, apiServer: string, before: FlowThings): FlowThings {
  const nodes: Node[] = [node('frame', 'frame', layout.frame, {}, 0), node('strip', 'strip', layout.strip, {}, 2)];
  const owner = new Map<string, string>();
  for (const [id, box] of layout.boxes) {
    if (id === apiServer) nodes.push(node(id, 'spine', box, { address: id }, 2));
    else if (id.startsWith('host/')) nodes.push(hostNode(id, box, layout, owner));
    else if (!isChip(id, layout)) nodes.push(node(id, 'component', box, { address: id, ...(id.endsWith('/kube-scheduler') ? { tray: within(box, layout.tray), trayHidden: layout.trayHidden } : {}) }, 2));
  }
  for (const [key, { box, size }] of layout.pods) nodes.push(node(key, 'pod', box, { podKey: key, size }, 5));
  const end = (address: string): string => owner.get(address) ?? address;
  const edges = layout.pipes.map((pipe): Edge => ({ id: pipe.id, type: 'pipe', source: end(pipe.from), target: end(pipe.to), data: { points: pipe.points, from: pipe.from, to: pipe.to, local: pipe.local }, focusable: false, selectable: false, zIndex: pipe.local ? 6 : 3 }));
  return { nodes: keep(before.nodes, nodes), edges: keep(before.edges, edges) };
}

const isChip = (id: string, layout: StageLayout): boolean => {
  const host = layout.boxes.get(`host/${id.slice(0, id.indexOf('/'))}`);
  const box = layout.boxes.get(id)!;
  return host !== undefined && box.y > layout.spine.y;
};

function hostNode(id: string, box: Box, layout: StageLayout, owner: Map<string, string>): Node {
  const name = id.slice('host/'.length);
  const chips = [...layout.boxes].filter(([address]) => address.startsWith(`${name}/`) && isChip(address, layout));
  for (const [address] of chips) owner.set(address, id);
  const bottom = chips.reduce((most, [, chip]) => Math.max(most, chip.y + chip.height), box.y);
  return node(id, 'host', box, { name, chips: chips.map(([address, chip]) => ({ address, box: within(box, chip) })), hidden: layout.podAreas.get(name)?.hidden ?? 0, headTop: bottom - box.y + (layout.roomy ? 12 : 8), roomy: layout.roomy }, 2);
}

function keep<T extends { readonly id: string }>(before: readonly T[], after: T[]): T[] {
  const earlier = new Map(before.map((item) => [item.id, item]));
  return after.map((item) => {
    const same = earlier.get(item.id);
    return same !== undefined && JSON.stringify(same) === JSON.stringify(item) ? same : item;
  });
}
