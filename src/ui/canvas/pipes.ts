import type { Box, Inventory, Pipe, Point } from './stage-plan.ts';

/** The measures of a stage on which the pipes depend. */
export interface PipeRoom {
  readonly spine: Box;
  /** How far a node's programs stand out of its upper edge. */
  readonly chipsAbove: number;
  /** Between the pipes of one column, where machines stand in several rows. */
  readonly trunkStep: number;
  /** A narrow stage's upper row has its pipes at its outer edges: how far inside, and its height. */
  readonly edge?: { readonly inside: number; readonly rowHeight: number };
}

/** Of those who share cards above the door: the line below the cards along which the programs of one machine reach each other. */
type BusOf = (address: string) => number;

type Boxes = ReadonlyMap<string, Box>;
const middleX = (box: Box): number => box.x + box.width / 2;
const middleY = (box: Box): number => box.y + box.height / 2;
const bottomOf = (box: Box): number => box.y + box.height;

/** All connections there may be: to the front door straight, on one machine short, above the spine from card to card. One pipe joins two programs, whoever dials. */
export function layPipes(inventory: Inventory, boxes: Boxes, room: PipeRoom): Pipe[] {
  const door = inventory.frontDoor;
  const pipes: Pipe[] = [];
  const joined = new Set<string>();
  const peers = new Map(inventory.control.flatMap(({ members }) => (members.length > 1 ? members.map(({ address, dials }) => [address, dials] as const) : [])));
  const put = (from: string, to: string, local: boolean, points: () => readonly Point[]): void => {
    if (joined.has(`${from}|${to}`) || joined.has(`${to}|${from}`) || !boxes.has(from) || !boxes.has(to)) return;
    joined.add(`${from}|${to}`);
    pipes.push({ id: `${from}|${to}`, from, to, local, points: points(), ...(peers.get(to)?.includes(from) === true && { mutual: true }) });
  };
  const upper = [...inventory.outside, ...inventory.control.flatMap((card) => card.members), ...inventory.cloud];
  for (const { address, dials } of upper) if (dials.includes(door.address)) put(address, door.address, false, () => down(boxes.get(address)!, room));
  for (const { address } of upper) if (door.dials.includes(address)) put(door.address, address, false, () => down(boxes.get(address)!, room).reverse());
  const busOf = busesOf(inventory, boxes, room);
  layNodePipes(inventory, boxes, room, busOf, put);
  for (const program of upper) for (const to of program.dials) if (upper.some((other) => other.address === to)) put(program.address, to, false, () => bridge(boxes, boxes.get(program.address)!, boxes.get(to)!, sameMachine(program.address, to) ? busOf(to) : 0));
  return pipes;
}

type Put = (from: string, to: string, local: boolean, points: () => readonly Point[]) => void;

const machineOf = (address: string): string => address.slice(0, address.indexOf('/'));
const sameMachine = (a: string, b: string): boolean => machineOf(a) === machineOf(b);

/** A line for each machine, between the cards and the door. */
function busesOf(inventory: Inventory, boxes: Boxes, { spine }: PipeRoom): BusOf {
  const members = inventory.control.flatMap((card) => (card.members.length > 1 ? card.members : []));
  const machines = [...new Set(members.map(({ address }) => machineOf(address)))];
  const bottom = Math.max(0, ...members.map(({ address }) => bottomOf(boxes.get(address)!)));
  const step = Math.min(12, (spine.y - bottom - 12) / machines.length);
  return (address) => bottom + 9 + (machines.indexOf(machineOf(address)) + 0.4) * step;
}

function layNodePipes(inventory: Inventory, boxes: Boxes, room: PipeRoom, busOf: BusOf, put: Put): void {
  const door = inventory.frontDoor.address;
  const rowTops = [...new Set(inventory.hosts.map((host) => boxes.get(`host/${host.name}`)!.y))].sort((a, b) => a - b);
  const above = new Set(inventory.control.flatMap((card) => card.members.map(({ address }) => address)));
  let lanes = 0;
  for (const host of inventory.hosts) {
    const home = boxes.get(`host/${host.name}`)!;
    const row = rowTops.indexOf(home.y);
    const dialling = host.programs.filter((program) => program.dials.includes(door));
    dialling.forEach(({ address }, index) => put(address, door, false, () => upwards(boxes.get(address)!, home, { row, index, count: dialling.length, room })));
    for (const { address, dials } of host.programs) for (const to of dials) if (above.has(to) && sameMachine(address, to)) put(address, to, false, () => past(boxes.get(address)!, boxes.get(to)!, home, lanes++, busOf(to), room));
    const here = new Set(host.programs.map((program) => program.address));
    for (const { address, dials } of host.programs) for (const to of dials) if (here.has(to)) put(address, to, true, () => beside(boxes.get(address)!, boxes.get(to)!));
  }
}

/** From a card to the spine below it. */
function down(box: Box, { spine, edge }: PipeRoom): Point[] {
  if (edge === undefined || box.y > edge.rowHeight || middleY(box) > spine.y) return [{ x: middleX(box), y: bottomOf(box) }, { x: middleX(box), y: spine.y }];
  const left = middleX(box) < middleX(spine);
  const trunk = left ? spine.x + edge.inside : spine.x + spine.width - edge.inside;
  const own = trunk > box.x && trunk < box.x + box.width ? trunk : middleX(box);
  return own === trunk ? [{ x: trunk, y: bottomOf(box) }, { x: trunk, y: spine.y }] : [{ x: own, y: bottomOf(box) }, { x: own, y: bottomOf(box) + 6 }, { x: trunk, y: bottomOf(box) + 6 }, { x: trunk, y: spine.y }];
}

interface Way { readonly row: number; readonly index: number; readonly count: number; readonly room: PipeRoom }

/** Straight up for the first row. Deeper rows climb in the gutter left of their column, the deepest leftmost, so that no two ever cross. */
function upwards(box: Box, home: Box, { row, index, count, room: { spine, chipsAbove, trunkStep } }: Way): Point[] {
  const start = { x: middleX(box), y: box.y };
  if (row === 0) return [start, { x: start.x, y: bottomOf(spine) }];
  const trunk = home.x - 6 - ((row - 1) * count + (count - 1 - index)) * trunkStep;
  const turn = home.y - chipsAbove - 5 - index * 6;
  return [start, { x: start.x, y: turn }, { x: trunk, y: turn }, { x: trunk, y: bottomOf(spine) }];
}

/** To somebody above the door on its own machine, past the door: along the left edge, and along its machine's line. */
function past(box: Box, to: Box, home: Box, lane: number, bus: number, { spine, chipsAbove }: PipeRoom): Point[] {
  const [x, edge, turn] = [middleX(box), spine.x - (lane + 1) * Math.min(6, spine.x / 4), home.y - chipsAbove - 6 - lane * 5];
  return [{ x, y: box.y }, { x, y: turn }, { x: edge, y: turn }, { x: edge, y: bus }, { x: middleX(to), y: bus }, { x: middleX(to), y: bottomOf(to) }];
}

/** Between two programs of one machine. */
function beside(a: Box, b: Box): Point[] {
  if (bottomOf(a) <= b.y || bottomOf(b) <= a.y) {
    const [from, to] = bottomOf(a) <= b.y ? [bottomOf(a), b.y] : [a.y, bottomOf(b)];
    const x = middleX(a);
    if (x > b.x && x < b.x + b.width) return [{ x, y: from }, { x, y: to }];
    const turn = (from + to) / 2;
    return [{ x, y: from }, { x, y: turn }, { x: middleX(b), y: turn }, { x: middleX(b), y: to }];
  }
  return Math.max(a.x, b.x) - Math.min(a.x + a.width, b.x + b.width) > 24 ? under(a, b) : sideways(a, b);
}

/** Round below whoever stands between two in one row. */
function under(a: Box, b: Box, below = Math.max(bottomOf(a), bottomOf(b)) + 4): Point[] {
  return [{ x: middleX(a), y: bottomOf(a) }, { x: middleX(a), y: below }, { x: middleX(b), y: below }, { x: middleX(b), y: bottomOf(b) }];
}

const sideways = (a: Box, b: Box): Point[] => (a.x < b.x
  ? [{ x: a.x + a.width, y: middleY(a) }, { x: b.x, y: middleY(b) }]
  : [{ x: a.x, y: middleY(a) }, { x: b.x + b.width, y: middleY(b) }]);

/** From one in the upper row of a narrow stage to the card of another in the lower. */
const below = (a: Box, b: Box, card: Box): Point[] => [{ x: middleX(a), y: bottomOf(a) }, { x: middleX(a), y: card.y - 4 }, { x: middleX(b), y: card.y - 4 }, { x: middleX(b), y: card.y }];

/** Between two above the spine: straight where nobody stands between them, else over the heads of those who do; one of several in a card stands at its foot, and goes below. */
function bridge(boxes: Boxes, a: Box, b: Box, bus: number): Point[] {
  const [left, right] = a.x < b.x ? [a, b] : [b, a];
  const y = middleY(a);
  const between = [...boxes.values()].some((box) => box !== a && box !== b && box.x >= left.x + left.width - 1 && box.x + box.width <= right.x + 1 && box.y < y && bottomOf(box) > y);
  const cardOf = (box: Box): Box | undefined => [...boxes.values()].find((card) => card !== box && card.x <= box.x && card.y < box.y && card.x + card.width >= box.x + box.width && bottomOf(card) >= bottomOf(box));
  const [cardA, cardB] = [cardOf(a), cardOf(b)];
  if (bus > 0 && cardA !== undefined && cardB !== undefined) return bottomOf(cardA) <= cardB.y ? below(a, b, cardB) : bottomOf(cardB) <= cardA.y ? below(b, a, cardA).reverse() : under(a, b, bus);
  if (!between && Math.abs(middleY(a) - middleY(b)) < 4) return sideways(a, b);
  if (cardA !== undefined && cardB !== undefined) return under(a, b, Math.max(bottomOf(a), bottomOf(b)) + 9);
  const over = Math.min(a.y, b.y) - 8;
  return [{ x: middleX(a), y: a.y }, { x: middleX(a), y: over }, { x: middleX(b), y: over }, { x: middleX(b), y: b.y }];
}

