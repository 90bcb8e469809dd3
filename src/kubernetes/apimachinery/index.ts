/** The door of apimachinery: what every client and the server do with objects, as pure functions. */
export * from './conditions.ts';
export * from './equality.ts';
export * from './field-errors.ts';
export * from './field-selector.ts';
export * from './generate-name.ts';
export * from './json-patch.ts';
export * from './label-selector.ts';
export * from './merge-patch.ts';
export * from './names.ts';
export * from './owner-references.ts';
export * from './pod-template-hash.ts';
export * from './quantity.ts';
export * from './status-errors.ts';
export * from './strategic-merge-diff.ts';
export { applyStrategicMergePatch, StrategicPatchError } from './strategic-merge-patch.ts';
export type { PatchMeta, PatchMetaOf } from './strategic-merge-patch.ts';
export * from './time.ts';
