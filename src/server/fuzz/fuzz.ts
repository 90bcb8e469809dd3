/** `npm run fuzz -- --requests 100000 --seed 1` */
import { parseArgs } from 'node:util';
import { storm } from './storm.ts';

const { values } = parseArgs({ options: { requests: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } } });
const { codes, wrongs } = await storm(Number(values.seed), Number(values.requests));
console.log([...codes].sort(([a], [b]) => a - b).map(([code, count]) => `${code}: ${count}`).join('  '));
for (const wrong of wrongs.slice(0, 20)) console.error(wrong);
if (wrongs.length > 0) console.error(`${wrongs.length} wrong`);
process.exitCode = wrongs.length > 0 ? 1 : 0;
