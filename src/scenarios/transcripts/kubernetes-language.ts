import type { Language } from '../../simulation/testing/transcript.ts';
import { Lab } from './lab.ts';
import { objectCommands } from './object-commands.ts';
import { traceCommands } from './trace-commands.ts';
import { worldCommands } from './world-commands.ts';

/** The commands of whole-cluster transcripts; `simulation/testing/README.md` lists them. */
export const kubernetesLanguage: Language<Lab> = { begin: () => new Lab(), commands: { ...worldCommands, ...objectCommands, ...traceCommands } };
