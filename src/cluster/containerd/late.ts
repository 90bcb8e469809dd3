/** What happens to containers, and in them: its code comes with the reader of manifests (`late-code.ts`), for only manifests bring containers. */
import { act } from '../../simulation/process/chart.ts';
import type { Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import type { ContainerdState } from './runtime-state.ts';

type Work = (state: ContainerdState, event: ProcessEvent) => Outcome<ContainerdState>;
type Code = Readonly<Record<
  | 'createContainer' | 'startContainer' | 'stopContainer' | 'updateResources' | 'processExited' | 'removeContainer' | 'containerLogs' | 'exec' | 'attach' | 'followOutput' | 'portForward'
  | 'answerReview' | 'answerHttp' | 'sayOn' | 'hear' | 'forget', Work>>;

let code: Code | undefined;

export function addContainerCode(loaded: Code): void {
  code = loaded;
}

/** A chart action whose code is late. */
export const late = (name: keyof Code) => act<ContainerdState>((state, event) => {
  if (code === undefined) throw new Error('the code of containers is not loaded: who lets manifests in must import cluster/with-manifests');
  return code[name](state, event);
});
