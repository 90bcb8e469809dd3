import type { Fact } from '../component.ts';
import { logIndex, type Store } from './store.ts';

/** What became stored, or ceased to be, between two states of the key space; all there is where there is no earlier one. */
export function storedBetween(before: Store | undefined, after: Store): readonly Fact[] {
  const facts: Fact[] = [];
  const add = (key: string, value: unknown, modRevision: number): void => { facts.push({ type: 'stored', key, object: withVersion(value, modRevision) }); };
  if (before === undefined || before.revision < after.compactRevision) {
    for (const directory of after.directories.values()) for (const kv of directory.values()) add(kv.key, kv.value, kv.modRevision);
    return facts;
  }
  for (let i = logIndex(after.log, before.revision + 1); i < after.log.size; i += 1) {
    const { kv } = after.log.get(i)!;
    add(kv.key, kv.value, kv.modRevision);
  }
  return facts;
}

/** An object's resourceVersion is no part of what is stored: it is the revision it was stored at. */
function withVersion(value: unknown, modRevision: number): unknown {
  const object = value as { readonly metadata?: object } | undefined;
  return object?.metadata === undefined ? value : { ...object, metadata: { ...object.metadata, resourceVersion: String(modRevision) } };
}
