import { describe, expect, test } from 'vitest';
import type { SessionCommand } from '../../commands/index.ts';
import type { WhyAnswer } from '../../port/why.ts';
import { TestPage } from '../../testing/test-page.ts';

const pod = (name: string, container: string, more = ''): string => `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}, labels: {app: ${name}}}\nspec:\n  containers:\n  - {name: main, ${container}}\n${more}`;
const deployment = (name: string, replicas: number, container: string, more = ''): string => `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      containers:
      - {name: main, ${container}}
${more}`;
const daemonSet = (name: string, container: string, more = ''): string => deployment(name, 0, container, more).replace('kind: Deployment', 'kind: DaemonSet').replace('  replicas: 0\n', '');
const service = (name: string, app: string): string => `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec:\n  selector: {app: ${app}}\n  ports: [{port: 80}]\n`;
const plain = 'image: "nginx:1.27"';
const asking = (cpu: string): string => `image: "nginx:1.27", resources: {requests: {cpu: "${cpu}"}}`;
const stop = (address: string): SessionCommand => ({ type: 'stop-component', address });
const workers = ['worker-1', 'worker-2', 'worker-3'];
const onWorkers = (type: 'cordon-node' | 'power-off-node'): SessionCommand[] => workers.map((node) => ({ type, node }));
const nodeOf = (page: TestPage, start: string): string => [...page.rows.values()].flatMap((row) => (row.type === 'pod' && row.name.startsWith(start) && row.node !== '' ? [row.node] : []))[0]!;

interface Case {
  readonly is: string;
  readonly make: (page: TestPage) => TestPage;
  readonly of: string;
  readonly tone: WhyAnswer['tone'];
  readonly says: RegExp;
  readonly shows?: RegExp;
  /** The remedy to take; then it is good after so many seconds, of that object if it is another. */
  readonly helps?: { readonly title: RegExp; readonly withinSeconds: number; readonly of?: string };
}

const cases: readonly Case[] = [
  {
    is: 'a Pod that is too big for any node', make: (page) => page.apply(pod('giant', asking('6'))).wait(3), of: 'Pod/giant', tone: 'bad',
    says: /^No node takes giant: “0\/4 nodes are available: 1 node\(s\) had untolerated taint\(s\), 3 Insufficient cpu\. no new claims to deallocate, preemption: 0\/4 nodes are available: 4 Preemption is not helpful for scheduling”\.$/,
    shows: /^worker-1: Insufficient cpu$/, helps: { title: /^Request no more than 4 cpu$/, withinSeconds: 20, of: 'Pod/giant-2' },
  },
  {
    is: 'a Deployment that is too big for any node', make: (page) => page.apply(deployment('giant', 1, asking('6'))).wait(3), of: 'Deployment/giant', tone: 'bad',
    says: /^giant has 0 of 1 replicas available\. Pod giant-\w+-\w+: No node takes giant-\w+-\w+: “0\/4 nodes are available: .*3 Insufficient cpu/, shows: /^Event FailedScheduling: 0\/4 nodes/, helps: { title: /^Request no more than 4 cpu$/, withinSeconds: 30 },
  },
  {
    is: 'a StatefulSet whose claim no volume is there for', make: (page) => page.apply(`apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db}
spec:
  serviceName: db
  replicas: 2
  selector: {matchLabels: {app: db}}
  template: {metadata: {labels: {app: db}}, spec: {containers: [{name: main, ${plain}}]}}
  volumeClaimTemplates:
  - {metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}
`).wait(3), of: 'StatefulSet/db', tone: 'bad',
    says: /^db has 0 of 2 replicas available\. Pod db-0: No node takes db-0: “0\/4 nodes are available: pod has unbound immediate PersistentVolumeClaims\. not found”/, shows: /^Event FailedScheduling: 0\/4 nodes/,
  },
  {
    is: 'a Pod for which others leave no room', make: (page) => page.apply(deployment('web', 3, asking('3'))).wait(15).apply(pod('late', asking('2'))).wait(3), of: 'Pod/late', tone: 'bad',
    says: /3 Insufficient cpu/, helps: { title: /^Scale web to 0$/, withinSeconds: 60 },
  },
  {
    is: 'a Pod on a cluster whose workers are all cordoned', make: (page) => page.do(...onWorkers('cordon-node')).wait(2).apply(pod('alone', plain)).wait(3), of: 'Pod/alone', tone: 'bad',
    says: /“0\/4 nodes are available: .*3 node\(s\) were unschedulable/, shows: /^worker-2: node\(s\) were unschedulable$/, helps: { title: /^Uncordon worker-2$/, withinSeconds: 20 },
  },
  {
    is: 'a Pod that asks for a node that is not there', make: (page) => page.apply(deployment('picky', 1, plain, '      nodeSelector: {disk: ssd}\n')).wait(3), of: 'Deployment/picky', tone: 'bad',
    says: /node\(s\) didn't match Pod's node affinity\/selector/, helps: { title: /^Ask for any node$/, withinSeconds: 30 },
  },
  {
    is: 'a Pod while all workers are without power', make: (page) => page.do(...onWorkers('power-off-node')).wait(70).apply(pod('alone', plain)).wait(3), of: 'Pod/alone', tone: 'bad',
    says: /4 node\(s\) had untolerated taint\(s\)/, helps: { title: /^Power worker-1 on$/, withinSeconds: 60 },
  },
  {
    is: 'a Pod while the scheduler is stopped', make: (page) => page.do(stop('control-plane-1/kube-scheduler')).apply(pod('alone', plain)).wait(3), of: 'Pod/alone', tone: 'bad',
    says: /^alone has no node because nobody can choose one: kube-scheduler is stopped\.$/, shows: /^kube-scheduler ended$/, helps: { title: /^Start kube-scheduler$/, withinSeconds: 60 },
  },
  {
    is: 'a Pod with a scheduling gate', make: (page) => page.apply(pod('gated', plain, '  schedulingGates: [{name: example.com/wait}]\n')).wait(3), of: 'Pod/gated', tone: 'bad', says: /^gated is not scheduled: .*scheduling gates are removed\.$/,
  },
  {
    is: 'a Pod that is just being started', make: (page) => page.apply(pod('alone', plain)).wait(1), of: 'Pod/alone', tone: 'waiting', says: /^alone is being started on worker-\d \(ContainerCreating\): containerd pulls image "nginx:1\.27"\.$/, shows: /^Event Pulling: /,
  },
  {
    is: 'a Pod whose image is not there', make: (page) => page.apply(pod('misspelt', 'image: "nginx:does-not-exist"')).wait(20), of: 'Pod/misspelt', tone: 'bad',
    says: /^Container main has no image \((ErrImagePull|ImagePullBackOff)\): “.*docker\.io\/library\/nginx:does-not-exist: not found”\.$/, shows: /^Event Failed: Failed to pull image/, helps: { title: /^Use nginx:1\.27/, withinSeconds: 60 },
  },
  {
    is: 'a Pod whose program ends at once', make: (page) => page.apply(deployment('crasher', 1, 'image: "nginx:1.27", command: ["sh", "-c", "exit 3"]')).wait(40), of: 'Deployment/crasher', tone: 'bad',
    says: /Container main ended with exit code 3 \(Error\) and is restarted, 2 times so far; CrashLoopBackOff: “back-off 20s restarting failed container=main/, shows: /^containerd: .*3/, helps: { title: /^Leave its command out$/, withinSeconds: 60 },
  },
  {
    is: 'a Pod whose variable comes from nowhere', make: (page) => page.apply(pod('config', 'image: "nginx:1.27", env: [{name: LEVEL, valueFrom: {configMapKeyRef: {name: settings, key: level}}}]')).wait(15), of: 'Pod/config', tone: 'bad',
    says: /^Container main can not be created \(CreateContainerConfigError\): “configmap "settings" not found”\.$/, helps: { title: /^Create ConfigMap settings$/, withinSeconds: 90 },
  },
  {
    is: 'a Pod whose volume comes from nowhere', make: (page) => page.apply(pod('mount', 'image: "nginx:1.27", volumeMounts: [{name: a, mountPath: /a}]', '  volumes: [{name: a, secret: {secretName: key}}]\n')).wait(15), of: 'Pod/mount', tone: 'bad',
    says: /^mount can not be started yet \(ContainerCreating\): “MountVolume\.SetUp failed for volume "a" : secret "key" not found”\.$/, helps: { title: /^Create Secret key$/, withinSeconds: 180 },
  },
  {
    is: 'a Pod on a node whose runtime is stopped', make: (page) => page.do(...workers.map((node) => stop(`${node}/containerd`))).apply(pod('alone', plain)).wait(8), of: 'Pod/alone', tone: 'bad',
    says: /^alone can not be started on (worker-\d) \(ContainerCreating\): containerd on \1 is stopped\.$/, helps: { title: /^Start containerd on worker-\d$/, withinSeconds: 120 },
  },
  {
    is: 'a Pod on a node whose kubelet is stopped', make: (page) => page.do(...workers.map((node) => stop(`${node}/kubelet`))).apply(pod('alone', plain)).wait(3), of: 'Pod/alone', tone: 'bad',
    says: /^“Pending” is the last that was heard of alone: kubelet on (worker-\d) is stopped, and only the kubelet on \1 could say more\./, helps: { title: /^Start kubelet on worker-\d$/, withinSeconds: 60 },
  },
  {
    is: 'a Pod on a node without power', make: (page) => { page.apply(deployment('web', 1, plain)).wait(15); return page.do({ type: 'power-off-node', node: nodeOf(page, 'web') }).wait(90); }, of: 'Pod/web', tone: 'bad',
    says: /^“Running” is the last that was heard of web-\w+-\w+: (worker-\d) has no power, and only the kubelet on \1 could say more\. It tolerates node\.kubernetes\.io\/unreachable for \d+ seconds more; then it is deleted, and its ReplicaSet makes another\.$/,
    shows: /^The lease of worker-\d was renewed \d+ seconds ago/, helps: { title: /^Power worker-\d on$/, withinSeconds: 60 },
  },
  {
    is: 'a Pod that is deleted on a node that is cut off', make: (page) => { page.apply(pod('alone', plain)).wait(15); return page.do({ type: 'partition-node', node: nodeOf(page, 'alone') }, { type: 'delete-object', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'alone' }).wait(60); }, of: 'Pod/alone', tone: 'bad',
    says: /^alone stays Terminating: worker-\d is cut off from the network, and only the kubelet on worker-\d can say that its containers have ended\.$/, shows: /^worker-\d was cut off$/,
  },
  {
    is: 'a Pod that takes no notice of SIGTERM', make: (page) => page.apply(pod('stubborn', 'image: "busybox:1.37", command: ["sleep", "infinity"]')).wait(10).do({ type: 'delete-object', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'stubborn' }).wait(5), of: 'Pod/stubborn', tone: 'waiting',
    says: /^stubborn is Terminating: its containers have been asked to end \(SIGTERM\) and have 2\d seconds left until they are killed\.$/, shows: /^Event Killing: Stopping container main$/,
  },
  { is: 'a Pod that is done', make: (page) => page.apply(pod('once', 'image: "busybox:1.37", command: ["sh", "-c", "exit 0"]', '  restartPolicy: Never\n')).wait(15), of: 'Pod/once', tone: 'good', says: /^once is done: all its containers ended with exit code 0, and its restartPolicy is Never\.$/ },
  { is: 'a Pod that failed for good', make: (page) => page.apply(pod('once', 'image: "busybox:1.37", command: ["sh", "-c", "exit 4"]', '  restartPolicy: Never\n')).wait(15), of: 'Pod/once', tone: 'bad', says: /^once has failed for good: container main ended with exit code 4, and its restartPolicy is Never\.$/ },
  { is: 'a Pod that runs', make: (page) => page.apply(`${pod('alone', plain)}---\n${service('door', 'alone')}`).wait(20), of: 'Pod/alone', tone: 'good', says: /^alone runs and is Ready: all its containers are running on worker-\d\. The Service door leads to it\.$/, shows: /^Event Started: / },
  {
    is: 'a Pod while etcd is stopped', make: (page) => page.apply(pod('alone', plain)).wait(15).do(stop('control-plane-1/etcd')).wait(3), of: 'Pod/alone', tone: 'waiting',
    says: /^“Running” is the last that was heard of alone: etcd is stopped, so nothing can be told or changed\. What runs on the node goes on running\.$/, helps: { title: /^Start etcd$/, withinSeconds: 60 },
  },
  {
    is: 'a new Pod that its Service does not know, while the controller-manager is stopped', make: (page) => page.apply(service('door', 'alone')).wait(3).do(stop('control-plane-1/kube-controller-manager')).apply(pod('alone', plain)).wait(15), of: 'Pod/alone', tone: 'bad',
    says: /^alone runs and is Ready, but the Service door does not lead to it yet: nobody writes its EndpointSlice: kube-controller-manager is stopped\.$/, helps: { title: /^Start kube-controller-manager$/, withinSeconds: 60 },
  },
  { is: 'a Deployment that is complete', make: (page) => page.apply(deployment('web', 3, plain)).wait(20), of: 'Deployment/web', tone: 'good', says: /^web has all it asks for: 3 replicas of 3 available\.$/, shows: /NewReplicaSetAvailable/ },
  { is: 'a Deployment that is to have no Pods', make: (page) => page.apply(deployment('web', 0, plain)).wait(5), of: 'Deployment/web', tone: 'good', says: /^web is scaled to 0/ },
  {
    is: 'a Deployment while the controller-manager is stopped', make: (page) => page.do(stop('control-plane-1/kube-controller-manager')).apply(deployment('web', 2, plain)).wait(5), of: 'Deployment/web', tone: 'bad',
    says: /^web has 0 of 2 replicas, and nobody changes that: kube-controller-manager is stopped\.$/, helps: { title: /^Start kube-controller-manager$/, withinSeconds: 90 },
  },
  {
    is: 'a ReplicaSet whose Pods find no image', make: (page) => page.apply(deployment('web', 1, 'image: "nginx:does-not-exist"')).wait(15), of: 'ReplicaSet/web', tone: 'bad', says: /^web-\w+ has 0 of 1 replicas available\. Pod web-\w+-\w+: Container main has no image/,
  },
  {
    is: 'a node without power, before anyone has noticed', make: (page) => page.do({ type: 'power-off-node', node: 'worker-1' }).wait(10), of: 'Node/worker-1', tone: 'bad',
    says: /^The API still says that worker-1 is Ready, but worker-1 has no power; the node-lifecycle-controller waits 50 s without a word from the kubelet before it says so, about \d+ s more\.$/, helps: { title: /^Power worker-1 on$/, withinSeconds: 30 },
  },
  {
    is: 'a node without power', make: (page) => page.do({ type: 'power-off-node', node: 'worker-1' }).wait(80), of: 'Node/worker-1', tone: 'bad',
    says: /^worker-1 is NotReady \(Ready Unknown, NodeStatusUnknown\): “Kubelet stopped posting node status”\. worker-1 has no power\.$/, shows: /^The lease of worker-1 was renewed \d+ seconds ago/, helps: { title: /^Power worker-1 on$/, withinSeconds: 30 },
  },
  {
    is: 'a node that is cut off', make: (page) => page.do({ type: 'partition-node', node: 'worker-1' }).wait(80), of: 'Node/worker-1', tone: 'bad', says: /“Kubelet stopped posting node status”\. worker-1 is cut off from the network\.$/, helps: { title: /^Heal the network of worker-1$/, withinSeconds: 60 },
  },
  {
    is: 'a node whose runtime is stopped', make: (page) => page.do(stop('worker-1/containerd')).wait(60), of: 'Node/worker-1', tone: 'bad', says: /^worker-1 is NotReady \(Ready False, KubeletNotReady\): “container runtime is down”\. containerd on worker-1 is stopped\.$/, helps: { title: /^Start containerd on worker-1$/, withinSeconds: 30 },
  },
  { is: 'a node that is cordoned', make: (page) => page.do({ type: 'cordon-node', node: 'worker-1' }).wait(2), of: 'Node/worker-1', tone: 'waiting', says: /^worker-1 is Ready but cordoned \(SchedulingDisabled\)/, helps: { title: /^Uncordon worker-1$/, withinSeconds: 5 } },
  { is: 'a node that is well', make: (page) => page, of: 'Node/worker-1', tone: 'good', says: /^worker-1 is Ready: “kubelet is posting ready status”\.$/ },
  {
    is: 'a Service whose selector finds nobody', make: (page) => page.apply(`${deployment('web', 1, plain)}---\n${service('door', 'wrong')}`).wait(20), of: 'Service/door', tone: 'bad',
    says: /^door has no endpoints: no Pod in default has the labels of its selector, app=wrong\.$/, shows: /^Pods of Deployment web have app=web$/, helps: { title: /^Select app=web$/, withinSeconds: 5 },
  },
  {
    is: 'a Service whose Pods are not ready', make: (page) => page.apply(`${deployment('web', 1, 'image: "nginx:does-not-exist"')}---\n${service('door', 'web')}`).wait(20), of: 'Service/door', tone: 'bad',
    says: /^door has no ready endpoint: its only Pod is not Ready\. Pod web-\w+-\w+: Container main has no image/, helps: { title: /^Use nginx:1\.27/, withinSeconds: 60 },
  },
  { is: 'a Service whose Deployment is scaled to 0', make: (page) => page.apply(`${deployment('web', 0, plain)}---\n${service('door', 'web')}`).wait(10), of: 'Service/door', tone: 'bad', says: /The Deployment web would make such Pods and has 0 replicas\.$/, helps: { title: /^Scale web to 1$/, withinSeconds: 20 } },
  { is: 'a Service that leads somewhere', make: (page) => page.apply(`${deployment('web', 2, plain)}---\n${service('door', 'web')}`).wait(20), of: 'Service/door', tone: 'good', says: /^door leads to 2 ready Pods\.$/ },
  { is: 'a DaemonSet with a Pod on each node', make: (page) => page.apply(daemonSet('agent', plain)).wait(20), of: 'DaemonSet/agent', tone: 'good', says: /^agent has all it asks for: 3 replicas of 3 available/, shows: /status.desiredNumberScheduled 3, status.numberAvailable 3, 3 Pods stored/ },
  { is: 'a DaemonSet without a node', make: (page) => page.apply(daemonSet('agent', plain, '      nodeSelector: {disk: ssd}\n')).wait(5), of: 'DaemonSet/agent', tone: 'good', says: /^There is no node for agent/ },
  { is: 'a DaemonSet whose image is nowhere', make: (page) => page.apply(daemonSet('agent', 'image: "nginx:does-not-exist"')).wait(40), of: 'DaemonSet/agent', tone: 'bad', says: /^agent has 0 of 3 replicas available\. Pod agent-/ },
  { is: 'a DaemonSet on a machine without power: its Pod stays, and is not counted', make: (page) => page.apply(daemonSet('agent', plain)).wait(20).do({ type: 'power-off-node', node: 'worker-1' }).wait(500), of: 'DaemonSet/agent', tone: 'bad', says: /^agent has 2 of 2 replicas available\. Pod agent-/, shows: /3 Pods stored/ },
];

const apiVersions: Readonly<Record<string, string>> = { Deployment: 'apps/v1', ReplicaSet: 'apps/v1', DaemonSet: 'apps/v1' };

function why(page: TestPage, of: string): WhyAnswer {
  const [kind = '', start = ''] = of.split('/');
  const names = [...page.rows.keys()].filter((key) => key.startsWith(`object/${kind}/${kind === 'Node' ? '' : 'default'}/`)).map((key) => key.split('/').at(-1)!);
  const name = names.find((each) => each === start) ?? names.find((each) => each.startsWith(`${start}-`)) ?? start;
  const answer = page.ask({ type: 'why', apiVersion: apiVersions[kind] ?? 'v1', kind, namespace: kind === 'Node' ? '' : 'default', name });
  expect(answer.type).toBe('why');
  return answer as WhyAnswer;
}

describe('why', () => {
  test.each(cases)('$is', ({ make, of, tone, says, shows, helps }) => {
    const page = make(new TestPage());
    const answer = why(page, of);
    expect(answer.verdict).toMatch(says);
    expect(answer.tone).toBe(tone);
    if (shows !== undefined) expect(answer.evidence.map(({ text }) => text)).toContainEqual(expect.stringMatching(shows));
    for (const { recordId, key } of answer.evidence) {
      if (recordId !== undefined) expect(page.ask({ type: 'record', recordId }).type).toBe('record');
      if (key !== undefined) expect(page.rows.has(key)).toBe(true);
    }
    if (helps === undefined) return;
    const remedy = answer.remedies.find(({ title }) => helps.title.test(title));
    if (remedy === undefined) throw new Error(`no such remedy among ${answer.remedies.map(({ title }) => title).join(', ')}`);
    page.do(remedy.command).wait(helps.withinSeconds);
    expect(why(page, helps.of ?? of)).toMatchObject({ tone: 'good' });
  });

  test('where another can do the work, nothing is in the way; where none can, that is said', () => {
    const page = new TestPage({ topology: 'ha' }).do(stop('control-plane-1/kube-controller-manager'), stop('control-plane-2/kube-controller-manager')).apply(deployment('web', 1, plain)).wait(40);
    expect(why(page, 'Deployment/web')).toMatchObject({ tone: 'good' });
    page.do(stop('control-plane-3/kube-controller-manager')).apply(deployment('late', 1, plain)).wait(5);
    expect(why(page, 'Deployment/late').verdict).toMatch(/nobody changes that: kube-controller-manager(?: on control-plane-\d)? is stopped/);
  });

  test('without the load balancer workers cannot reach any server, whoever has a server beside it can', () => {
    const page = new TestPage({ topology: 'ha' }).wait(10).do(stop('cluster-endpoint/load-balancer')).wait(60);
    expect(why(page, 'Node/worker-1').verdict).toMatch(/load-balancer is stopped/);
    expect(why(page, 'Node/control-plane-1')).toMatchObject({ tone: 'good' });
  });

  test('one member of etcd less changes nothing; without a majority nothing can be told or changed', () => {
    const page = new TestPage({ topology: 'three-etcd' }).apply(pod('alone', plain)).wait(20).do(stop('etcd-1/etcd')).wait(5);
    expect(why(page, 'Pod/alone')).toMatchObject({ tone: 'good' });
    page.do(stop('etcd-2/etcd')).wait(5);
    expect(why(page, 'Pod/alone').verdict).toMatch(/etcd(?: on etcd-\d)? is stopped, so nothing can be told or changed/);
  });

  test('what is not there, and what nobody asks why about', () => {
    const page = new TestPage();
    expect(page.ask({ type: 'why', apiVersion: 'v1', kind: 'Pod', namespace: 'default', name: 'nobody' })).toEqual({ type: 'nothing', text: 'There is no Pod nobody at the moment you are looking at.' });
    expect(page.ask({ type: 'why', apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'constructor' }).type).toBe('nothing');
  });
});
