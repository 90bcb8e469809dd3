import type { SessionCommand } from '../../session/commands/index.ts';
import type { Recording } from '../../session/port/protocol.ts';
import { clockText } from '../../store/words.ts';

/** A word as a POSIX shell takes it. */
export const shellWord = (word: string): string => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** A text as standard input, under an end mark that it does not have itself. */
function hereDocument(line: string, text: string): string {
  let mark = 'EOF';
  while (text.split('\n').includes(mark)) mark += '_';
  return `${line} <<'${mark}'\n${text.replace(/\n?$/, '\n')}${mark}`;
}

const groupOf = (apiVersion: string): string => (apiVersion.includes('/') ? `.${apiVersion.replace(/^(.*)\/(.*)$/, '$2.$1')}` : '');

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

function lineOf(command: SessionCommand): string {
  switch (command.type) {
    case 'apply-manifest': return hereDocument('kubectl apply -f -', command.text);
    case 'delete-manifest': return hereDocument('kubectl delete --wait=false -f -', command.text);
    case 'delete-object': {
      const { apiVersion, kind, namespace, name, force } = command;
      return ['kubectl delete', shellWord(`${kind.toLowerCase()}${groupOf(apiVersion)}`), shellWord(name), ...(namespace === '' ? [] : ['--namespace', shellWord(namespace)]), '--wait=false', ...(force === true ? ['--force', '--grace-period=0'] : [])].join(' ');
    }
    case 'scale-object': return `kubectl scale ${command.kind.toLowerCase()} ${shellWord(command.name)} --namespace ${shellWord(command.namespace)} --replicas=${command.replicas}`;
    case 'cordon-node': return `kubectl cordon ${shellWord(command.node)}`;
    case 'uncordon-node': return `kubectl uncordon ${shellWord(command.node)}`;
    case 'slow-node': return `# Not kubectl's: slow down ${oneLine(command.node)} by ${command.delayMs} ms`;
    default: {
      // Nothing that kubectl can do: said, so that whoever runs the script can do it by hand.
      const { type, ...rest } = command as SessionCommand & Readonly<Record<string, unknown>>;
      const what = Object.values(rest).map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join(' ');
      return `# Not kubectl's: ${oneLine(`${type.replaceAll('-', ' ')} ${what}`)}`;
    }
  }
}

/** What the user did, as a script for a real cluster. Faults and waiting are comments. */
export function kubectlScript({ topology, commands }: Recording): string {
  const steps = commands.flatMap(({ atUs, command }, index) => {
    const before = commands[index - 1]?.atUs;
    const wait = before === undefined ? '' : `, ${Math.round((atUs - before) / 1_000_000)} s later`;
    return ['', `# at ${clockText(atUs)}${wait}`, lineOf(command)];
  });
  return ['#!/bin/sh', `# What was done to the Orrery cluster “${topology}”, for a cluster of your own.`, 'set -eu', ...steps, ''].join('\n');
}
