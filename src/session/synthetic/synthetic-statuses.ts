import { failing, nodeStates, notReady, podStates } from '../port/mass-status.ts';
import type { MassChange, MassTable } from '../port/mass-status.ts';

const [running, unready, pending, terminating, succeeded] = podStates.map((_, index) => index) as [number, number, number, number, number];
const cordoned = nodeStates.indexOf('Ready,SchedulingDisabled');

/** One step, one virtual second. */
export const stepUs = 1_000_000;

/** A number in 0..1 from whole numbers, the same everywhere. */
function chance(seed: number, a: number, b: number, c: number): number {
  let hash = (seed ^ Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35)) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d);
  hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

export interface SyntheticSize { readonly nodes: number; readonly pods: number }

/** The size that a name asks for: `synthetic-5000x150000`. */
export function syntheticSize(topology: string): SyntheticSize | undefined {
  const [, nodes, pods] = /^synthetic-([1-9]\d{0,4})x(\d{1,6})$/.exec(topology) ?? [];
  return nodes === undefined ? undefined : { nodes: Number(nodes), pods: Number(pods) };
}

/**
 * Statuses of a large cluster that change as those of a real one do (rollouts, crashes, nodes that are lost and come back), made from a
 * seed alone: no component runs. It moves forwards only, second by second; who goes back begins anew.
 */
export class SyntheticStatuses {
  second = 0;
  private readonly seed: number;
  private readonly size: SyntheticSize;
  private readonly nodes: Uint8Array;
  private readonly pods: Uint8Array;
  private readonly podStart: Uint32Array;
  private readonly requested: Uint8Array;
  /** What is to become of whom, by second. */
  private readonly due = new Map<number, { readonly nodes: [number, number][]; readonly pods: [number, number][] }>();

  constructor(seed: number, size: SyntheticSize) {
    this.seed = seed;
    this.size = size;
    this.nodes = new Uint8Array(size.nodes);
    this.requested = new Uint8Array(size.nodes);
    this.podStart = new Uint32Array(size.nodes + 1);
    this.pods = new Uint8Array(size.pods);
    this.begin();
  }

  /** The table as it is now, in memory of its own. */
  table(): MassTable {
    const digits = String(this.size.nodes).length;
    return {
      origin: 'synthetic', nodeNames: Array.from(this.nodes, (_, index) => `node-${String(index + 1).padStart(digits, '0')}`),
      nodes: this.nodes.slice(), requested: this.requested.slice(), podStart: this.podStart.slice(), pods: this.pods.slice(),
    };
  }

  /** One second passes; says what changed. */
  step(): MassChange {
    this.second += 1;
    const [changedNodes, changedPods] = [new Map<number, number>(), new Map<number, number>()];
    const due = this.due.get(this.second);
    this.due.delete(this.second);
    for (const [node, state] of due?.nodes ?? []) this.turnNode(node, state, changedNodes, changedPods);
    for (const [pod, state] of due?.pods ?? []) if (!this.isApart(pod)) this.turnPod(pod, state, changedPods);
    // One node in about 100,000 is lost each second, one Pod in 2,000 is replaced, and of these a few crash.
    if (chance(this.seed, this.second, 0, 7) < this.size.nodes / 100_000) this.loseNode(Math.floor(chance(this.seed, this.second, 0, 8) * this.size.nodes), changedNodes, changedPods);
    for (let index = 0; index < Math.ceil(this.size.pods / 2_000); index += 1) {
      const pod = Math.floor(chance(this.seed, this.second, index, 1) * this.size.pods);
      if (this.pods[pod] === running) this.turnPod(pod, chance(this.seed, this.second, index, 2) < 0.03 ? failing : terminating, changedPods);
    }
    return { atUs: this.second * stepUs, nodes: asArrays(changedNodes), pods: asArrays(changedPods) };
  }

  private begin(): void {
    const weights = Array.from({ length: this.size.nodes }, (_, node) => 0.6 + 0.8 * chance(this.seed, node, 0, 3));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let sum = 0;
    weights.forEach((weight, node) => {
      sum += weight;
      this.podStart[node + 1] = node === this.size.nodes - 1 ? this.size.pods : Math.floor((sum / total) * this.size.pods);
      // A node takes 110 Pods, and few ask for as little cpu as that many could have.
      this.requested[node] = Math.min(100, Math.round(((this.podStart[node + 1]! - this.podStart[node]!) / 110) * 100 * (1.4 + 1.2 * chance(this.seed, node, 0, 4))));
      if (chance(this.seed, node, 0, 5) < 0.002) this.nodes[node] = cordoned;
    });
    for (let pod = 0; pod < this.size.pods; pod += 1) {
      const draw = chance(this.seed, pod, 0, 6);
      if (draw < 0.012) this.pods[pod] = succeeded;
      else if (draw < 0.0135) this.turnPod(pod, failing, new Map());
      else if (draw < 0.0155) this.turnPod(pod, pending, new Map());
    }
    const lost = Math.round(this.size.nodes / 400);
    for (let index = 0; index < lost; index += 1) this.loseNode(Math.floor(chance(this.seed, index, 0, 9) * this.size.nodes), new Map(), new Map());
  }

  private loseNode(node: number, changedNodes: Map<number, number>, changedPods: Map<number, number>): void {
    if (this.nodes[node] === notReady) return;
    const back = this.nodes[node]!;
    this.turnNode(node, notReady, changedNodes, changedPods);
    this.later(60 + Math.floor(600 * chance(this.seed, this.second, node, 10))).nodes.push([node, back]);
  }

  /** The API server believes of the Pods of a lost node that they run, but calls none of them ready. */
  private turnNode(node: number, state: number, changedNodes: Map<number, number>, changedPods: Map<number, number>): void {
    this.nodes[node] = state;
    changedNodes.set(node, state);
    const [from, to] = state === notReady ? [running, unready] : [unready, running];
    for (let pod = this.podStart[node]!; pod < this.podStart[node + 1]!; pod += 1) {
      if (this.pods[pod] === from || (state !== notReady && this.pods[pod] !== succeeded)) this.setPod(pod, to, changedPods);
    }
  }

  private turnPod(pod: number, state: number, changed: Map<number, number>): void {
    this.setPod(pod, state, changed);
    const draw = chance(this.seed, this.second, pod, 11);
    if (state === terminating) this.later(1 + Math.floor(draw * 8)).pods.push([pod, pending]);
    else if (state === pending) this.later(1 + Math.floor(draw * 12)).pods.push([pod, running]);
    else if (state === failing) this.later(20 + Math.floor(draw * 280)).pods.push([pod, running]);
  }

  private setPod(pod: number, state: number, changed: Map<number, number>): void {
    this.pods[pod] = state;
    changed.set(pod, state);
  }

  /** Nothing becomes of the Pods of a lost node before it is back. */
  private isApart(pod: number): boolean {
    let [low, high] = [0, this.size.nodes];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.podStart[middle + 1]! > pod) high = middle;
      else low = middle + 1;
    }
    return this.nodes[low] === notReady;
  }

  private later(seconds: number) {
    const at = this.second + seconds;
    let due = this.due.get(at);
    if (due === undefined) this.due.set(at, due = { nodes: [], pods: [] });
    return due;
  }
}

const asArrays = (changed: ReadonlyMap<number, number>) => ({ at: Uint32Array.from(changed.keys()), to: Uint8Array.from(changed.values()) });
