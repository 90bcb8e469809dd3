import { expect, test } from '@playwright/test';
import { ClusterPage } from './cluster-page.ts';

test('with three API servers behind a load balancer one may stop, and what one asks for still comes', async ({ page }) => {
  const cluster = new ClusterPage(page);
  await page.goto('./?topology=ha&seed=1');
  await expect(page.getByRole('button', { name: /^Node [\w-]+, Ready$/ })).toHaveCount(6);
  await expect(page.getByRole('button', { name: /^load-balancer, 3 of 3 servers up/ })).toBeVisible();
  await cluster.program('kube-apiserver', 'control-plane-2').press('Enter');
  await page.getByRole('button', { name: 'Stop kube-apiserver' }).press('Enter');
  await expect(page.getByRole('button', { name: 'kube-apiserver on control-plane-2, stopped' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^load-balancer, 2 of 3 servers up/ })).toBeVisible();
  await expect(cluster.log.getByText(/load-balancer: Server apiserverbackend\/control-plane-2 is DOWN, reason: Layer4 connection problem/).first()).toBeVisible();
  await cluster.applyButton.press('Enter');
  await expect(cluster.readyPods('web-')).toHaveCount(3);
});
