import type { MessageRow } from '../../session/port/rows.ts';

type Shape = 'triangle' | 'circle' | 'square' | 'frame' | 'diamond' | 'hexagon';

export interface MessageKind { readonly name: string; readonly many: string; readonly shape: Shape; /** The token of its colour, in `design/tokens.css`. */ readonly colour: string }

/** How each kind of message looks and what it is called. The painter, the legend and the flows are made from this list. */
export const messageKinds: Readonly<Record<MessageRow['kind'], MessageKind>> = {
  request: { name: 'Request', many: 'requests', shape: 'triangle', colour: '--request' },
  response: { name: 'Response', many: 'responses', shape: 'triangle', colour: '--response' },
  watch: { name: 'Watch event', many: 'watch events', shape: 'circle', colour: '--watch' },
  etcd: { name: 'etcd call (gRPC)', many: 'etcd calls', shape: 'diamond', colour: '--raft' },
  raft: { name: 'Raft message', many: 'raft messages', shape: 'hexagon', colour: '--raft' },
  cri: { name: 'CRI call (gRPC)', many: 'CRI calls', shape: 'square', colour: '--cri' },
  cni: { name: 'CNI call', many: 'CNI calls', shape: 'frame', colour: '--cri' },
};

/** The outline of each shape around the origin, in units of its size, pointing to the right. */
export const outlines: Readonly<Record<Shape, string>> = {
  triangle: 'M1 0L-.75 -.85L-.75 .85Z',
  circle: 'M.85 0A.85 .85 0 1 1 -.85 0A.85 .85 0 1 1 .85 0Z',
  square: 'M-.8 -.8H.8V.8H-.8Z',
  frame: 'M-.85 -.85H.85V.85H-.85ZM-.4 -.4V.4H.4V-.4Z',
  diamond: 'M0 -1L1 0L0 1L-1 0Z',
  hexagon: 'M.95 0L.48 .82H-.48L-.95 0L-.48 -.82H.48ZM.5 0L.25 -.43H-.25L-.5 0L-.25 .43H.25Z',
};
