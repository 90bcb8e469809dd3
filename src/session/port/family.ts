/** Whom an object belongs to, and what belongs to it. */
export interface FamilyQuery { readonly type: 'family'; readonly kind: string; readonly namespace: string; readonly name: string }
export interface FamilyAnswer { readonly type: 'family'; readonly members: readonly FamilyMember[] }
/** In the order of a tree, outermost owner first. */
export interface FamilyMember { readonly depth: number; readonly apiVersion: string; readonly kind: string; readonly namespace: string; readonly name: string; readonly self: boolean; /** A few words on how it is: `2 of 3 ready`, `Running`. */ readonly state: string; /** An owner that is named but is not there. */ readonly missing: boolean }
