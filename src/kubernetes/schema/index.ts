/** The door of `kubernetes/schema`: types of all served kinds, strict decoding, and what is acted on. */
export { decodeStrict } from './decode-strict.ts';
export type { DecodeError, DecodeResult, FieldValidation } from './decode-strict.ts';
export { findServedKind, gvkTable, kindStanding, otherKinds } from './gvk-table.ts';
export type { ServedKind } from './gvk-table.ts';
export { mergeKeys, patchMetaOfKind, retainKeys } from './merge-keys.ts';
export { notActedOn } from './not-acted-on.ts';
export type { NotActedOn } from './not-acted-on.ts';
export { fieldAt, schemaOfKind, typeSchema } from './types.ts';
export type { FieldSchema, FieldType, TypeSchema } from './types.ts';
