/**
 * Conversations with what runs in a Pod. A client opens one with `api.connect`; it goes on as `kubelet.Exec`, `kubelet.Attach` or
 * `kubelet.PortForward`, and to the runtime as `cri.Exec`, … (the real CRI answers with the address of a streaming server and the bytes go there).
 * On the open stream `connect.*` frames go both ways until either end closes it. Models staging/src/k8s.io/cri-streaming and client-go/tools/remotecommand.
 */
import type { Status } from '../api/index.ts';

/** What a client asks for. Models core/v1: PodExecOptions, PodAttachOptions, PodPortForwardOptions. */
export interface ConnectOptions {
  readonly container?: string;
  readonly command?: readonly string[];
  readonly stdin?: boolean;
  readonly stdout?: boolean;
  readonly stderr?: boolean;
  readonly tty?: boolean;
  /** One conversation carries one connection to one port. */
  readonly port?: number;
}

/** What lies under a path in a container that is not of its image. */
export interface Mount {
  readonly path: string;
  readonly readOnly: boolean;
  /** Files that are given, by their path below `path`; or, of a file mounted alone, by ''. */
  readonly files?: { readonly [path: string]: string };
  /** Where what is written is kept, for mounts that can be written to: a volume of the Pod, or a path of the node. */
  readonly volume?: string;
}

/** To the kubelet. */
export interface KubeletConnect extends ConnectOptions { readonly podName: string; readonly podUid: string }
/** To the runtime: the container for exec and attach, the Pod's sandbox for port-forward; with what is mounted into each container of the Pod. */
export interface CriConnect extends ConnectOptions { readonly containerId: string; readonly podSandboxId: string; readonly mounts: { readonly [container: string]: readonly Mount[] } }

/** Bytes as text, one character each. */
export interface Bytes { readonly data: string }
/** `connect.resize`: the client's terminal. */
export interface TerminalSize { readonly width: number; readonly height: number }
/** `connect.status`: how it ended; then the stream closes. */
export interface ConnectEnd { readonly status: Status }

/** `connect.opened`: the server has found the other end (101 Switching Protocols). */
export const frames = { opened: 'connect.opened', stdin: 'connect.stdin', stdinEnd: 'connect.stdin-end', stdout: 'connect.stdout', stderr: 'connect.stderr', resize: 'connect.resize', status: 'connect.status' } as const;

/** A text's UTF-8 bytes, one character each. */
export function toBytes(text: string): string {
  // eslint-disable-next-line no-control-regex
  if (!/[^\x00-\x7f]/.test(text)) return text;
  const whole = text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
  return encodeURIComponent(whole).replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
