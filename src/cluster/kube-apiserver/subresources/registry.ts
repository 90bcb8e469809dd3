/** The subresources that change their object, by name. `log` and `token` are answered by the pipeline, since they write nothing. */
import { approval } from './approval.ts';
import { binding } from './binding.ts';
import { eviction } from './eviction.ts';
import { finalize } from './finalize.ts';
import { ephemeralContainers, resize } from './pod-parts.ts';
import { scale } from './scale.ts';
import { status } from './status.ts';
import type { Subresource } from './subresource.ts';

export const subresources: { readonly [name: string]: Subresource | undefined } = { status, approval, binding, scale, eviction, finalize, ephemeralcontainers: ephemeralContainers, resize };
