import type { Status } from '../../kubernetes/api/index.ts';
import type { Answer } from './controller.ts';

/** What the server said, or that it said nothing. */
export const messageOf = ({ code, body }: Answer): string => (code === 0 ? 'the server could not be reached' : (body as Status).message ?? `status ${code}`);

/** Nothing is made in a namespace that goes. Models apierrors.HasStatusCause with NamespaceTerminatingCause. */
export const isNamespaceGoing = ({ body }: Answer): boolean => (body as Status | undefined)?.details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false;

/** The first that failed in a way that matters: what is gone, or was never the caller's, need not be let go of. */
export const failureOf = (answers: readonly Answer[], except: readonly number[] = []): Answer | undefined => answers.find(({ ok, code }) => !ok && !except.includes(code));
