import { expect, test } from 'vitest';
import { readManifests } from '../cluster/with-manifests.ts';
import { answerQuery } from './answer-query.ts';
import type { FromSession, QueryAnswer } from './port/protocol.ts';
import type { Row } from './port/rows.ts';
import { createSession } from './session.ts';

const definition = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: shirts.stable.example.com}
spec:
  group: stable.example.com
  scope: Namespaced
  names: {plural: shirts, kind: Shirt}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, properties: {spec: {type: object, properties: {color: {type: string, enum: [red, blue]}}}}}}
`;
const shirt = (color: string): string => `apiVersion: stable.example.com/v1\nkind: Shirt\nmetadata: {name: mine}\nspec: {color: ${color}}\n`;

test('in the page a custom resource is applied once its definition is there, shown, and refused in the server\'s words', () => {
  const rows = new Map<string, Row>();
  const lines: string[] = [];
  let nowUs = 0;
  let answer: QueryAnswer | undefined;
  const session = createSession({
    readManifests: (source, name) => readManifests(source, { fileName: name }), answerQuery,
    emit(message: FromSession) {
      if (message.type === 'failed') throw new Error(message.message);
      if (message.type === 'answer') answer = message.answer;
      if (message.type !== 'frame') return;
      nowUs = message.toUs;
      if (message.whole) rows.clear();
      for (const { key, row } of message.rows) if (row === null) rows.delete(key); else rows.set(key, row);
      lines.push(...message.log.filter((line) => line.kind === 'result' && !lines.includes(line.text)).map((line) => line.text));
    },
  });
  session.receive({ type: 'open', recording: { version: 1, seed: 1, topology: 'three-nodes', commands: [] } });
  let id = 0;
  const apply = (text: string): string => {
    const before = lines.length;
    session.receive({ type: 'dispatch', id: ++id, atUs: nowUs, command: { type: 'apply-manifest', text, fileName: 'x.yaml' } });
    session.receive({ type: 'know', throughUs: nowUs + 4_000_000, untilNews: false, limitUs: nowUs + 4_000_000 });
    return lines.slice(before).join('\n');
  };
  expect(apply(shirt('red'))).toBe('error: resource mapping not found for name: "mine" namespace: "" from "x.yaml": no matches for kind "Shirt" in version "stable.example.com/v1"\nensure CRDs are installed first');
  expect(apply(definition)).toBe('customresourcedefinition.apiextensions.k8s.io/shirts.stable.example.com created');
  expect(apply(shirt('red'))).toBe('shirt.stable.example.com/mine created\nShirt (stable.example.com/v1) is a custom resource: it is stored and shown here, but no controller in this cluster acts on it.');
  expect(apply(shirt('green'))).toMatch(/The Shirt "mine" is invalid: .*spec\.color: Unsupported value: "green": supported values: "red", "blue"$/s);
  expect(apply(shirt('blue'))).toMatch(/^shirt\.stable\.example\.com\/mine configured\n/);
  expect(rows.get('object/Shirt/default/mine')).toMatchObject({ type: 'other', kind: 'Shirt', apiVersion: 'stable.example.com/v1' });
  const namesake = (text: string): string => text.replaceAll('shirts', 'pods').replaceAll('Shirt', 'Pod').replaceAll('shirt', 'pod');
  apply(namesake(definition));
  expect(apply(namesake(shirt('red')))).toMatch(/^pod\.stable\.example\.com\/mine created\n/);
  expect(rows.get('object/Pod.stable.example.com/default/mine')).toMatchObject({ type: 'other', kind: 'Pod' });
  session.receive({ type: 'query', id: 1, atUs: nowUs, query: { type: 'object', apiVersion: 'stable.example.com/v1', kind: 'Shirt', namespace: 'default', name: 'mine' } });
  expect(answer).toMatchObject({ type: 'object', object: { spec: { color: 'blue' } } });
});
