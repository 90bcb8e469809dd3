import { setup } from 'xstate';
import { act, chartTypes } from '../../simulation/process/chart.ts';
import { containerLogs, createContainer, listContainers, processExited, recover, removeContainer, startContainer, stopContainer, updateResources } from './containers.ts';
import { attach, exec, followOutput, forget, hear, portForward, sayOn } from './inside/conversations.ts';
import { answerHttp } from './inside/http.ts';
import { answerReview } from './inside/admission-webhook.ts';
import { imageArrived, imageStatus, pullImage } from './image-store.ts';
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
    'create the container': act(createContainer),
    'start the process': act(startContainer),
    'signal the process': act(stopContainer),
    'bound the process anew': act(updateResources),
    'record the exit': act(processExited),
    'forget the container': act(removeContainer),
    'list the containers': act(listContainers),
    'tell what the containers take': act(listContainerStats),
    'read the log': act(containerLogs),
    'run a command in the container': act(exec),
    'attach to the process': act(attach),
    'tell what the process wrote': act(followOutput),
    'connect to the port': act(portForward),
    'answer the API server': act(answerReview),
    'answer over HTTP': act(answerHttp),
    'say what is due': act(sayOn),
    'hear what is typed': act(hear),
    'forget who has gone': act(forget),
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
