import aPod from './examples/a-pod.yaml?raw';
import crashLoop from './examples/crash-loop.yaml?raw';
import cronJob from './examples/cron-job.yaml?raw';
import daemonSet from './examples/daemon-set.yaml?raw';
import deploymentAndService from './examples/deployment-and-service.yaml?raw';
import deployment from './examples/deployment.yaml?raw';
import job from './examples/job.yaml?raw';
import nodeSelector from './examples/node-selector.yaml?raw';
import statefulSet from './examples/stateful-set.yaml?raw';
import tooBig from './examples/too-big.yaml?raw';
import typo from './examples/typo.yaml?raw';
import wrongImage from './examples/wrong-image.yaml?raw';

/** A manifest to begin with. */
export interface Example { readonly title: string; readonly fileName: string; readonly text: string }

/** The examples of the picker, the first shown on a first visit. */
export const examples: readonly [Example, ...Example[]] = [
  { title: 'Deployment: three replicas', fileName: 'web.yaml', text: deployment },
  { title: 'Pod: just one, on its own', fileName: 'pod.yaml', text: aPod },
  { title: 'Deployment + Service', fileName: 'shop.yaml', text: deploymentAndService },
  { title: 'StatefulSet: one after another', fileName: 'db.yaml', text: statefulSet },
  { title: 'DaemonSet: one on each node', fileName: 'agent.yaml', text: daemonSet },
  { title: 'Job: six times, two at once', fileName: 'job.yaml', text: job },
  { title: 'CronJob: every minute', fileName: 'cron-job.yaml', text: cronJob },
  { title: 'Too big to fit on any node', fileName: 'too-big.yaml', text: tooBig },
  { title: 'Crash loop: exits at once', fileName: 'crash-loop.yaml', text: crashLoop },
  { title: 'Wrong image: cannot be pulled', fileName: 'wrong-image.yaml', text: wrongImage },
  { title: 'Node selector: only on worker-2', fileName: 'node-selector.yaml', text: nodeSelector },
  { title: 'A typo: refused by the server', fileName: 'typo.yaml', text: typo },
];
