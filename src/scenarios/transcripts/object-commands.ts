import type { Event } from '../../kubernetes/api/index.ts';
import type { Command } from '../../simulation/testing/transcript.ts';
import { etcdStore, findStored, parseRef, resourceNamed, stored } from '../cluster-view.ts';
import { runKubectl } from './kubectl-line.ts';
import type { Lab } from './lab.ts';
import { alignColumns, eventObject, printTable } from './object-tables.ts';
import { fieldOf } from './until.ts';
import { wordAt } from './world-commands.ts';

/** A kubectl line whose `-f` file is the block. */
const withFile = (verb: string): Command<Lab> => ({ words, options }, block, lab) => {
  const flags = Object.entries(options).map(([key, value]) => (key === 'namespace' ? `--namespace=${value}` : key === 'grace' ? `--grace-period=${value}` : `--${key}=${value}`));
  return runKubectl(lab, [verb, ...(block === '' ? [] : ['-f', '-']), ...words, ...flags], block);
};

/** The real kubectl line, word for word; `key=value` words keep their dashes because they begin with them. */
const kubectl: Command<Lab> = ({ words }, block, lab) => runKubectl(lab, words, block);
const scale: Command<Lab> = (args, _block, lab) => runKubectl(lab, ['scale', wordAt(args, 0, 'what'), `--replicas=${wordAt(args, 1, 'how many')}`], '');
const onNode = (verb: string): Command<Lab> => (args, _block, lab) => runKubectl(lab, [verb, wordAt(args, 0, 'which node')], '');

const get: Command<Lab> = (args, _block, lab) => {
  const { words, options } = args;
  const namespace = words.includes('-A') ? 'all' : words.includes('-n') ? words[words.indexOf('-n') + 1]! : options['namespace'] ?? 'default';
  return printTable(lab.world, resourceNamed(wordAt(args, 0, 'what: pods, nodes, …')), { namespace, wide: words.includes('wide') });
};

const show: Command<Lab> = (args, _block, lab) => {
  const object = findStored(lab.world, parseRef(wordAt(args, 0, 'which object: pod/web')))?.value;
  if (object === undefined) throw new Error(`there is no ${args.words[0]}`);
  const paths = args.words.slice(1);
  return paths.length === 0 ? JSON.stringify(object, undefined, 1) : paths.map((path) => `${path}: ${JSON.stringify(fieldOf(object, path)) ?? '<none>'}`).join('\n');
};

/** Events in the order in which they were made, counts in brackets. */
const events: Command<Lab> = ({ options }, _block, lab) => {
  const about = options['about'] === undefined ? undefined : parseRef(options['about']);
  const found = stored<Event>(lab.world, 'events').filter(({ involvedObject }) => about === undefined || (involvedObject.kind === about.info.kind
    && (about.name.endsWith('*') ? (involvedObject.name ?? '').startsWith(about.name.slice(0, -1)) : involvedObject.name === about.name)));
  if (found.length === 0) return 'none';
  const madeAt = new Map([...(etcdStore(lab.world)?.directories.get('/registry/events/')?.values() ?? [])].map((kv) => [kv.value, kv.createRevision]));
  const ordered = found.slice().sort((a, b) => madeAt.get(a)! - madeAt.get(b)!);
  return alignColumns(ordered.map((event) => [event.type ?? '', event.reason ?? '', eventObject(event), `${event.message ?? ''}${(event.count ?? 1) > 1 ? ` (x${event.count})` : ''}`]));
};

/** `etcd keys prefix=/registry/pods/`, `etcd get /registry/pods/default/web`. */
const etcd: Command<Lab> = (args, _block, lab) => {
  const what = wordAt(args, 0, '`etcd keys` or `etcd get`');
  const directories = etcdStore(lab.world)?.directories;
  const rows = [...(directories?.values() ?? [])].flatMap((directory) => [...directory.values()]);
  if (what === 'get') {
    const kv = rows.find(({ key }) => key === args.words[1]);
    return kv === undefined ? 'no such key' : JSON.stringify(kv.value, undefined, 1);
  }
  const { prefix = '/' } = args.options;
  return rows.map(({ key }) => key).filter((key) => key.startsWith(prefix)).sort().join('\n') || 'none';
};

/** The commands that speak to the API through kubectl, and those that read what etcd holds. */
export const objectCommands: Readonly<Record<string, Command<Lab>>> = {
  apply: withFile('apply'), delete: withFile('delete'), kubectl, scale, cordon: onNode('cordon'), uncordon: onNode('uncordon'),
  get, show, events, etcd,
};
