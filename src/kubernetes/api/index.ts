/** The door of the API room: types of the modelled kinds and how they are served. */
export type * from './meta-v1.ts';
export type * from './core-v1.ts';
export type * from './apps-v1.ts';
export type * from './discovery-v1.ts';
export type * from './coordination-v1.ts';
export * from './served-resources.ts';
