/** Defaults of the kinds that only manifests bring. */
export const keptDefaults: Readonly<Record<string, (object: never) => unknown>> = {};
