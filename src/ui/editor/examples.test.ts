import { expect, test } from 'vitest';
import { TestPage } from '../../session/testing/test-page.ts';
import { examples } from './examples.ts';

/** What each example comes to within two minutes: how many Pods in which state; nothing comes of what the server refuses. */
const outcomes: Readonly<Record<string, string>> = {
  'web.yaml': '3 Running',
  'pod.yaml': '1 Running',
  'shop.yaml': '2 Running',
  'db.yaml': '3 Running',
  'agent.yaml': '4 Running',
  'job.yaml': '6 Completed',
  'cron-job.yaml': '2 Completed',
  'too-big.yaml': '1 Pending',
  'crash-loop.yaml': '1 CrashLoopBackOff',
  'wrong-image.yaml': '1 ImagePullBackOff',
  'node-selector.yaml': '3 Running',
  'typo.yaml': '',
};

test.each(examples)('$fileName', ({ fileName, text }) => {
  const page = new TestPage().wait(1);
  page.apply(text, fileName).wait(125);
  const counts = new Map<string, number>();
  for (const row of page.rows.values()) if (row.type === 'pod') counts.set(row.status, (counts.get(row.status) ?? 0) + 1);
  expect(Array.from(counts, ([status, count]) => `${count} ${status}`).sort().join(', ')).toBe(outcomes[fileName]);
});
