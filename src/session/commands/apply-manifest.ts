import { defineCommand, tellKubectl } from './command.ts';

/** `kubectl apply -f`: all documents of the text, in order. */
export const applyManifest = defineCommand<'apply-manifest'>({
  type: 'apply-manifest', mark: 'command',
  title: ({ fileName }) => `apply ${fileName}`,
  plan({ text, fileName }, tools) {
    const { documents, errors } = tools.readManifests(text, fileName);
    if (errors.length > 0) return { problems: errors.map(({ message, line, column }) => ({ text: message, line, column })) };
    if (documents.length === 0) return { problems: [{ text: 'error: no objects passed to apply' }] };
    return tellKubectl('apply', { id: tools.commandId, fileName, documents: documents.map(({ value }) => ({ value })) });
  },
});
