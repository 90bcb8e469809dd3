import { readManifests } from '../../cluster/with-manifests.ts';
import type { WorldInput } from '../../simulation/recording/records.ts';
import { parseRef, resourceNamed, type ObjectRef } from '../cluster-view.ts';
import { isRunning, printedBy, targetOf, tellKubectl } from '../kubectl-input.ts';
import type { Lab } from './lab.ts';

const patienceUs = 120_000_000;

interface Line { readonly verb: string; readonly words: readonly string[]; readonly flags: Readonly<Record<string, string>> }

/** Reads the words of a kubectl line; `-f -` is the block, `-n x` a namespace. */
function parseLine([verb = '', ...rest]: readonly string[]): Line {
  const words: string[] = [];
  const flags: Record<string, string> = {};
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at]!;
    const [, name, value] = /^--([a-z-]+)(?:=(.*))?$/.exec(word) ?? [];
    if (name !== undefined) flags[name] = value ?? 'true';
    else if (word === '-f' || word === '-n') flags[word === '-f' ? 'filename' : 'namespace'] = rest[at += 1] ?? '';
    else words.push(word);
  }
  return { verb, words, flags };
}

/** `pod/web`, or `pod web db`. */
function refsOf(words: readonly string[], namespace: string | undefined): readonly ObjectRef[] {
  if (words.length === 0) throw new Error('say which object: pod/web');
  if (words[0]!.includes('/')) return words.map((word) => parseRef(word, namespace));
  return words.slice(1).map((name) => parseRef(`${resourceNamed(words[0]!).resource}/${name}`, namespace));
}

function inputOf(id: string, { verb, words, flags }: Line, block: string): WorldInput {
  const namespace = flags['namespace'];
  const documents = block === '' ? [] : readManifests(block, { fileName: 'STDIN' });
  if (!Array.isArray(documents) && 'errors' in documents && documents.errors.length > 0) throw new Error(documents.errors.map((one) => one.message).join('\n'));
  const objects = 'documents' in documents ? documents.documents.map(({ value }) => ({ value })) : [];
  switch (verb) {
    case 'apply': return tellKubectl('kubectl.apply', { id, documents: objects });
    case 'delete': {
      const grace = flags['grace-period'];
      const named = block === '' ? refsOf(words, namespace) : objects.map(({ value }) => refOfObject(value));
      return tellKubectl('kubectl.delete', {
        id, targets: named.map(targetOf),
        ...(grace === undefined ? {} : { gracePeriodSeconds: Number(grace) }), ...(flags['force'] === 'true' ? { force: true } : {}),
        ...(flags['wait'] === undefined ? {} : { wait: flags['wait'] === 'true' || flags['wait'] === 'yes' }),
      });
    }
    case 'scale': return tellKubectl('kubectl.scale', { id, targets: refsOf(words, namespace).map(targetOf), replicas: Number(flags['replicas']) });
    case 'cordon': return tellKubectl('kubectl.cordon', { id, nodes: words });
    case 'uncordon': return tellKubectl('kubectl.uncordon', { id, nodes: words });
    default: throw new Error(`kubectl ${verb} is not among apply, delete, scale, cordon, uncordon`);
  }
}

function refOfObject(value: unknown): ObjectRef {
  const { kind, metadata } = value as { kind: string; metadata: { name: string; namespace?: string } };
  return parseRef(`${kind}/${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`);
}

/** Tells kubectl to run a line, lets time pass until that process has ended, and returns what it printed. */
export function runKubectl(lab: Lab, words: readonly string[], block: string): string {
  const line = parseLine(words);
  const { world } = lab;
  const id = `transcript-${world.recorded}`;
  const input = inputOf(id, line, block);
  if (line.verb === 'apply') lab.beginCounting();
  lab.dispatch(input);
  if (isRunning(world, id)) lab.runUntil(() => !isRunning(world, id), patienceUs, `kubectl ${words.join(' ')}`);
  return printedBy(world, id).join('\n');
}
