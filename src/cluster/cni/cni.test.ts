import { describe, expect, test } from 'vitest';
import { allocate, noReservations, parseRange, release, type Reservations } from './host-local.ts';

const range = parseRange('10.244.1.0/24');
const tiny = parseRange('10.0.0.0/29'); // .2 to .6

/** `+a` reserves for container a, `-a` gives back; says which addresses were given, or the refusal. */
function play(of: typeof range, script: string): string[] {
  let held: Reservations = noReservations;
  const said: string[] = [];
  for (const step of script.split(' ')) {
    if (step[0] === '-') { held = release(held, step.slice(1)); continue; }
    const got = allocate(of, held, step.slice(1));
    said.push(got.ok ? got.ip : got.message);
    if (got.ok) held = got.reservations;
  }
  return said;
}

describe('addresses of one node', () => {
  test('the network, the gateway and the broadcast address are not given', () => {
    expect(range.gateway).toBe('10.244.1.1');
    expect(play(range, '+a +b')).toEqual(['10.244.1.2', '10.244.1.3']);
    expect(play(tiny, '+a +b +c +d +e').at(-1)).toBe('10.0.0.6');
  });
  test('a free address is not given again before the others', () => expect(play(tiny, '+a +b -a +c +d')).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5']));
  test('at the end it begins anew, with the lowest free one', () => expect(play(tiny, '+a +b +c +d +e -b -d +f +g')).toEqual(['10.0.0.2', '10.0.0.3', '10.0.0.4', '10.0.0.5', '10.0.0.6', '10.0.0.3', '10.0.0.5']));
  test('a full range refuses', () => expect(play(tiny, '+a +b +c +d +e +f').at(-1)).toBe('failed to allocate for range 0: no IP addresses available in range set: 10.0.0.1-10.0.0.6'));
  test('a container gets one address only', () => expect(play(range, '+a +a').at(-1)).toMatch(/duplicate allocation is not allowed$/));
  test('giving back what is not held is no error', () => expect(play(range, '-x +a')).toEqual(['10.244.1.2']));
  test('a CIDR may be wider or lie anywhere', () => expect(play(parseRange('192.168.4.0/22'), '+a')).toEqual(['192.168.4.2']));
});
