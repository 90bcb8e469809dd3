import { defineCommand, problemsOf, tellKubectl } from './command.ts';

/** `kubectl apply -f`: all documents of the text, in order. */
export const applyManifest = defineCommand<'apply-manifest'>({
  type: 'apply-manifest', mark: 'command',
  title: ({ fileName }) => `apply ${fileName}`,
  plan({ text, fileName }, tools) {
    const reading = tools.readManifests(text, fileName);
    const { documents } = reading;
    if (reading.errors.length > 0) return { problems: problemsOf(reading, text) };
    if (documents.length === 0) return { problems: [{ text: 'error: no objects passed to apply' }] };
    return tellKubectl('apply', { id: tools.commandId, fileName, documents: documents.map(({ value }) => ({ value })) });
  },
});
