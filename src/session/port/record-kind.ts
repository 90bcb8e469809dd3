/** What kind of thing speaks: the colour of a line, of a message on the stage, of a span. */
export type RecordKind = 'request' | 'response' | 'watch' | 'cri' | 'etcd' | 'raft' | 'note' | 'event' | 'command' | 'result' | 'failure';
