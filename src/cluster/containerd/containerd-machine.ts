import { setup } from 'xstate';
import { act, chartTypes } from '../../simulation/process/chart.ts';
import { listContainers, recover } from './container-list.ts';
import { imageArrived, imageStatus, pullImage } from './image-store.ts';
import { late } from './late.ts';
import type { ContainerdState } from './runtime-state.ts';
import { listPodSandbox, networkAnswered, removePodSandbox, runPodSandbox, stopPodSandbox } from './sandboxes.ts';
import { listContainerStats } from './stats.ts';
import { status } from './status.ts';

/** containerd serves the CRI from its start on; each sandbox, container and download is a row of its state. */
export const containerdMachine = setup({
  types: chartTypes<ContainerdState>(),
  actions: {
    'find the containers of the shims': act(recover),
    'report the status': act(status),
    'make a sandbox and its network': act(runPodSandbox),
    'stop the sandbox and free its network': act(stopPodSandbox),
    'forget the sandbox': act(removePodSandbox),
    'list the sandboxes': act(listPodSandbox),
    'go on with the network': act(networkAnswered),
    'look for the image': act(imageStatus),
    'pull the image': act(pullImage),
    'unpack the image': act(imageArrived),
    'create the container': late('createContainer'),
    'start the process': late('startContainer'),
    'signal the process': late('stopContainer'),
    'bound the process anew': late('updateResources'),
    'record the exit': late('processExited'),
    'forget the container': late('removeContainer'),
    'list the containers': act(listContainers),
    'tell what the containers take': act(listContainerStats),
    'read the log': late('containerLogs'),
    'run a command in the container': late('exec'),
    'attach to the process': late('attach'),
    'tell what the process wrote': late('followOutput'),
    'connect to the port': late('portForward'),
    'answer the API server': late('answerReview'),
    'answer over HTTP': late('answerHttp'),
    'say what is due': late('sayOn'),
    'hear what is typed': late('hear'),
    'forget who has gone': late('forget'),
  },
}).createMachine({
  id: 'containerd',
  context: ({ input }) => ({ state: input.state, outbox: [] }),
  initial: 'recovering',
  states: {
    recovering: { on: { 'process.started': { target: 'serving', actions: 'find the containers of the shims' } } },
    serving: {
      on: {
        'cri.Status': { actions: 'report the status' },
        'cri.RunPodSandbox': { actions: 'make a sandbox and its network' },
        'cri.StopPodSandbox': { actions: 'stop the sandbox and free its network' },
        'cri.RemovePodSandbox': { actions: 'forget the sandbox' },
        'cri.ListPodSandbox': { actions: 'list the sandboxes' },
        'cni.Result': { actions: 'go on with the network' },
        'cni.Error': { actions: 'go on with the network' },
        'request.failed': { actions: 'go on with the network' },
        'cri.ImageStatus': { actions: 'look for the image' },
        'cri.PullImage': { actions: 'pull the image' },
        'timer.imageArrives': { actions: 'unpack the image' },
        'cri.CreateContainer': { actions: 'create the container' },
        'cri.StartContainer': { actions: 'start the process' },
        'cri.StopContainer': { actions: 'signal the process' },
        'cri.UpdateContainerResources': { actions: 'bound the process anew' },
        'timer.processExits': { actions: 'record the exit' },
        'cri.RemoveContainer': { actions: 'forget the container' },
        'cri.ListContainers': { actions: 'list the containers' },
        'cri.ListContainerStats': { actions: 'tell what the containers take' },
        'cri.ContainerLogs': { actions: 'read the log' },
        'cri.Exec': { actions: 'run a command in the container' },
        'cri.Attach': { actions: 'attach to the process' },
        'timer.attach': { actions: 'tell what the process wrote' },
        'cri.PortForward': { actions: 'connect to the port' },
        'webhook.*': { actions: 'answer the API server' },
        'http.Request': { actions: 'answer over HTTP' },
        'timer.say': { actions: 'say what is due' },
        'connect.*': { actions: 'hear what is typed' },
        'stream.closed': { actions: 'forget who has gone' },
      },
    },
  },
});
