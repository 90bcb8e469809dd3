import { expect, test } from 'vitest';
import { storm } from './storm.ts';

test('2,000 wild requests: each is answered, none by a 500, and the world goes on', async () => {
  const { codes, wrongs } = await storm(1, 2_000);
  expect(wrongs).toEqual([]);
  expect([...codes.values()].reduce((sum, count) => sum + count, 0)).toBe(2_000);
  // The storm is no drizzle: some get through, some of each kind are refused.
  for (const code of [200, 201, 400, 404, 405, 406, 415, 422]) expect(codes.get(code) ?? 0, `answers ${code}`).toBeGreaterThan(0);
});
