import type { Pipe, Point } from './stage-plan.ts';

type Ways = ReadonlyMap<string, Pipe>;
const joined = new WeakMap<Ways, Map<string, Pipe | undefined>>();

/** The way between two programs, whoever of them dialled; where no pipe joins them, along the pipes of one beside either. */
export const wayBetween = (ways: Ways, a: string, b: string): Pipe | undefined => ways.get(`${a}|${b}`) ?? ways.get(`${b}|${a}`) ?? wayAround(ways, a, b);

const hostOf = (address: string): string => address.slice(0, address.indexOf('/'));
const otherEnd = ({ from, to }: Pipe, end: string): string | undefined => (from === end ? to : to === end ? from : undefined);
const pointsFrom = (pipe: Pipe, end: string): readonly Point[] => (pipe.from === end ? pipe.points : [...pipe.points].reverse());

function wayAround(ways: Ways, a: string, b: string): Pipe | undefined {
  let known = joined.get(ways);
  if (known === undefined) joined.set(ways, known = new Map());
  const key = `${a}|${b}`;
  if (!known.has(key)) known.set(key, joinedWay(ways, a, b) ?? turned(joinedWay(ways, b, a)));
  return known.get(key);
}

const turned = (way: Pipe | undefined): Pipe | undefined => (way === undefined ? undefined : { ...way, from: way.to, to: way.from, points: [...way.points].reverse() });

/** From `a` to whoever it has a pipe to on the machine of `b`, and on to `b` where that is drawn. */
function joinedWay(ways: Ways, a: string, b: string): Pipe | undefined {
  let best: Pipe | undefined;
  for (const pipe of ways.values()) {
    const between = otherEnd(pipe, a);
    if (between === undefined || hostOf(between) !== hostOf(b)) continue;
    const last = ways.get(`${between}|${b}`) ?? ways.get(`${b}|${between}`);
    if (last !== undefined) return { id: `${a}|${b}`, from: a, to: b, local: false, points: [...pointsFrom(pipe, a), ...pointsFrom(last, between)] };
    best ??= { ...pipe, id: `${a}|${b}`, from: a, to: b, points: pointsFrom(pipe, a) };
  }
  return best;
}
