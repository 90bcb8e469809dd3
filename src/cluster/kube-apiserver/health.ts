/** `/readyz`. Models staging/src/k8s.io/apiserver/pkg/server/healthz/healthz.go: handleRootHealth, of whose checks these can fail here. */
import type { HealthAnswer } from '../../kubernetes/protocols/health.ts';
import { respond } from '../../simulation/process/effects.ts';
import type { ProcessEvent } from '../../simulation/process/process.ts';
import type { Step } from './state.ts';

export function sayWhetherReady(step: Step, { id }: ProcessEvent): void {
  const { etcdAnswers, caches } = step.state;
  const checks = [['ping', true], ['etcd', etcdAnswers], ['informer-sync', caches.every(({ phase }) => phase !== 'listing')]] as const;
  const ready = checks.every(([, passed]) => passed);
  const text = ready ? 'ok' : `${checks.map(([name, passed]) => (passed ? `[+]${name} ok` : `[-]${name} failed: reason withheld`)).join('\n')}\nreadyz check failed\n`;
  step.effects.push(respond(id, { type: 'health.answer', body: { code: ready ? 200 : 500, text } satisfies HealthAnswer }, 200));
}
