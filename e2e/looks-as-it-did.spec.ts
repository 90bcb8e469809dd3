import { expect, test } from '@playwright/test';
import { galleryViews, openView } from '../src/tooling/gallery-views.ts';

/** Boxes, lines, bars, dots and colours; letters are left out, because each machine draws them in its own way. */
for (const name of ['stage', 'stage-light', 'twenty-nodes', 'phone']) {
  test(`${name} looks as it did`, async ({ page, baseURL }) => {
    await openView(page, baseURL!, galleryViews.find((view) => view.name === name)!);
    await expect(page).toHaveScreenshot(`${name}.png`, { stylePath: 'e2e/baselines/no-letters.css', animations: 'disabled', caret: 'hide', threshold: 0.2, maxDiffPixelRatio: 0.01 });
  });
}
