import { defineCommand, problemsOf, tellKubectl } from './command.ts';

interface Named { readonly apiVersion?: string; readonly kind?: string; readonly metadata?: { readonly name?: string; readonly namespace?: string }; readonly items?: readonly Named[] }

/** `kubectl delete -f`: every object that the text names. */
export const deleteManifest = defineCommand<'delete-manifest'>({
  type: 'delete-manifest', mark: 'command',
  title: ({ fileName }) => `delete ${fileName}`,
  plan({ text, fileName }, tools) {
    const reading = tools.readManifests(text, fileName);
    const { documents } = reading;
    if (reading.errors.length > 0) return { problems: problemsOf(reading, text) };
    const objects = documents.flatMap(({ value, line }) => ((value as Named).kind === 'List' ? (value as Named).items ?? [] : [value as Named]).map((object) => ({ object, line })));
    const unnamed = objects.find(({ object }) => !object.kind || !object.apiVersion || !object.metadata?.name);
    if (unnamed !== undefined) return { problems: [{ text: `error: resource name may not be empty`, line: unnamed.line, column: 1 }] };
    if (objects.length === 0) return { problems: [{ text: 'error: no objects passed to delete' }] };
    return tellKubectl('delete', { id: tools.commandId, fileName, targets: objects.map(({ object }) => ({ apiVersion: object.apiVersion, kind: object.kind, name: object.metadata!.name, ...(object.metadata!.namespace && { namespace: object.metadata!.namespace }) })) });
  },
});
