import { chromium } from '@playwright/test';
import { measurePage } from './src/tooling/bench-page.ts';
const b = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
for (const f of await measurePage(b)) console.log(f.name, Math.round(f.value * 10) / 10, f.unit, f.budget ?? '');
await b.close(); process.exit(0);
