import type { Pod } from '../api/index.ts';

/** The word kubectl prints in its STATUS column. Models pkg/printers/internalversion/printers.go: printPod. */
export function podStatus(pod: Pod): string {
  const { status = {} } = pod;
  let word = status.reason !== undefined && status.reason !== '' ? status.reason : status.phase ?? 'Pending';
  for (const condition of status.conditions ?? []) if (condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated') word = 'SchedulingGated';

  let initializing = false;
  const inits = status.initContainerStatuses ?? [];
  for (const [index, init] of inits.entries()) {
    const { terminated, waiting } = init.state ?? {};
    if (terminated && terminated.exitCode === 0) continue;
    if (init.started === true && pod.spec.initContainers?.find(({ name }) => name === init.name)?.restartPolicy === 'Always') continue;
    initializing = true;
    if (terminated) word = `Init:${terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`)}`;
    else if (waiting?.reason && waiting.reason !== 'PodInitializing') word = `Init:${waiting.reason}`;
    else word = `Init:${index}/${pod.spec.initContainers?.length ?? inits.length}`;
    break;
  }

  if (!initializing || status.conditions?.some((one) => one.type === 'Initialized' && one.status === 'True')) {
    let running = false;
    let error = '';
    for (const container of [...(status.containerStatuses ?? [])].reverse()) {
      const { waiting, terminated } = container.state ?? {};
      if (waiting?.reason) word = waiting.reason;
      else if (terminated) word = terminated.reason || (terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`);
      if (!waiting?.reason && terminated && terminated.exitCode !== 0) error = word;
      if (container.ready && container.state?.running) running = true;
    }
    if (word === 'Completed') {
      if (running && status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True')) word = 'Running';
      else if (error !== '') word = error;
      else if (running) word = 'NotReady';
    }
  }

  if (pod.metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') word = 'Unknown';
    else if (status.phase !== 'Failed' && status.phase !== 'Succeeded') word = 'Terminating';
  }
  return word;
}
