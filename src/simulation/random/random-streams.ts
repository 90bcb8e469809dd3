/** Plain state of one stream: four 32-bit words of sfc32. */
type Words = readonly [number, number, number, number];

/**
 * Named streams of chance. Each name is its own generator, seeded from the world's seed and the name,
 * so a draw added to one component does not shift another's luck.
 */
export class RandomStreams {
  private readonly streams = new Map<string, Uint32Array>();
  private readonly seed: number;

  constructor(seed: number, saved: readonly (readonly [string, Words])[] = []) {
    this.seed = seed;
    for (const [name, words] of saved) this.streams.set(name, Uint32Array.from(words));
  }

  /** A whole number in [0, bound). */
  draw(name: string, bound: number): number {
    let words = this.streams.get(name);
    if (words === undefined) {
      words = seeded(this.seed, name);
      this.streams.set(name, words);
    }
    return Math.floor((next(words) / 4_294_967_296) * bound);
  }

  save(): readonly (readonly [string, Words])[] {
    return [...this.streams].map(([name, w]) => [name, [w[0]!, w[1]!, w[2]!, w[3]!]] as const);
  }
}

/** sfc32 by Chris Doty-Humphrey (public domain): 32-bit additions only, so every engine agrees bit for bit. */
function next(w: Uint32Array): number {
  const sum = (((w[0]! + w[1]!) | 0) + w[3]!) | 0;
  w[3] = (w[3]! + 1) | 0;
  w[0] = w[1]! ^ (w[1]! >>> 9);
  w[1] = (w[2]! + (w[2]! << 3)) | 0;
  w[2] = ((w[2]! << 21) | (w[2]! >>> 11)) + sum;
  return sum >>> 0;
}

function seeded(seed: number, name: string): Uint32Array {
  let hash = 2_166_136_261 ^ seed;
  for (let i = 0; i < name.length; i += 1) hash = Math.imul(hash ^ name.charCodeAt(i), 16_777_619);
  const words = Uint32Array.of(hash, Math.imul(hash, 2_654_435_761), seed, 1);
  for (let i = 0; i < 15; i += 1) next(words);
  return words;
}
