/** The door of `kubernetes/structured-merge`. */
export { difference, intersection, isEmpty, isFieldSet, pathsOf, union, type FieldSet } from './field-set.ts';
export { afterUpdate, apply, conflictWords, inOrder, ownedBy, type Applied, type Conflict, type Entries, type Writer } from './managers.ts';
export { atomicsIn, fieldsOf, merge, mergeProblems } from './merge.ts';
export { shapeOfKind, withoutOwnerless, type Shape } from './shapes.ts';
