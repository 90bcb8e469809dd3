/** Images on the node and their downloads. Models containerd internal/cri/server/images/image_pull.go. */
import type { ImageRequest, ImageStatusResponse, PullImageResponse } from '../../kubernetes/protocols/cri.ts';
import type { Outcome, ProcessEvent } from '../../simulation/process/process.ts';
import { note, respond, setTimer } from '../../simulation/process/effects.ts';
import { askRegistry, parseReference } from './images.ts';
import type { ContainerdState } from './runtime-state.ts';
import { refuse } from './sandboxes.ts';

/** Is the image on the node? */
export function imageStatus(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { image } = event.body as ImageRequest;
  const row = state.images.get(parseReference(image)?.full ?? image);
  const body: ImageStatusResponse = { present: row !== undefined, imageRef: row?.imageRef ?? '' };
  return [state, [respond(event.id, { type: 'cri.ImageStatusResponse', body }, 1_000)]];
}

/** Resolve the name at its registry and download what is missing; who asks for an image that is under way waits for the same download. */
export function pullImage(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const { image } = event.body as ImageRequest;
  const resolveUs = 350_000 + event.env.random('containerd/registry', 400_000);
  const answer = askRegistry(image);
  if (!answer.found) return [state, [refuse(event.id, answer.message, resolveUs)]];
  const { name, imageRef, sizeBytes } = answer;
  if (state.images.get(name)?.imageRef === imageRef) {
    // The manifest's digest is asked for, the layers are all there.
    const body: PullImageResponse = { imageRef, sizeBytes };
    return [state, [respond(event.id, { type: 'cri.PullImageResponse', body }, resolveUs)]];
  }
  const underWay = state.pulls.get(name);
  if (underWay !== undefined) return [{ ...state, pulls: state.pulls.set(name, { ...underWay, requests: [...underWay.requests, event.id] }) }, []];
  const bytesPerUs = 25 + event.env.random('containerd/registry', 26);
  const afterUs = resolveUs + Math.ceil(sizeBytes / bytesPerUs);
  const pull = { requests: [event.id], sizeBytes, startedAtUs: event.env.nowUs };
  return [
    { ...state, pulls: state.pulls.set(name, pull) },
    [note({ name: 'pull', text: `pulling ${name}: ${(sizeBytes / 1e6).toFixed(1)} MB` }), setTimer(`pull/${name}`, afterUs, { name: 'imageArrives', body: name })],
  ];
}

/** The last layer is unpacked: all who waited are answered. */
export function imageArrived(state: ContainerdState, event: ProcessEvent): Outcome<ContainerdState> {
  const name = event.body as string;
  const pull = state.pulls.get(name);
  const answer = askRegistry(name);
  if (pull === undefined || !answer.found) return [state, []];
  const body: PullImageResponse = { imageRef: answer.imageRef, sizeBytes: pull.sizeBytes };
  return [
    { ...state, pulls: state.pulls.delete(name), images: state.images.set(name, { imageRef: answer.imageRef, sizeBytes: pull.sizeBytes }) },
    pull.requests.map((id) => respond(id, { type: 'cri.PullImageResponse', body })),
  ];
}
