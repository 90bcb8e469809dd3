import { expect } from '@playwright/test';
import type { Page } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';
import { deployment } from './manifests.ts';

/** A rollout of two Pods of `web`, watched to its end and paused there. */
export async function afterRollout(page: Page): Promise<ClusterPage> {
  const cluster = new ClusterPage(page);
  await cluster.open();
  await cluster.fast();
  await cluster.apply(deployment('web', 2));
  await expect(cluster.mark('web 2/2')).toBeVisible({ timeout: 60_000 });
  await cluster.pause();
  return cluster;
}
