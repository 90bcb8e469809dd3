/** What kubectl prints when something went wrong. Models staging/src/k8s.io/kubectl/pkg/cmd/util/helpers.go: checkErr, StandardErrorMessage, AddSourceToErr. */
import type { Status } from '../../kubernetes/api/index.ts';
import type { Address, FailureReason } from '../../simulation/process/process.ts';

/** An error on its way to be printed: a refusal by the server, or kubectl's own. */
export interface CommandError {
  /** kubectl's own words, or the server's with what was being done in front. */
  readonly message: string;
  readonly status?: Status;
  /** Said already as it will be printed, as errors of the connection are. */
  readonly asIs?: boolean;
  /** What a reader should know besides. */
  readonly hint?: string;
  /** The server was not known to serve the kind. */
  readonly noMatch?: true;
}

const quote = (value: string): string => JSON.stringify(value);

/** A refusal by the server, with the doing and the file in front: `error when creating "web.yaml": …`. */
export function refusal(status: Status, doing: string, source: string): CommandError {
  const said = status.message ?? 'unknown';
  return { status, message: source === '' ? said : `error when ${doing} ${quote(source)}: ${said}` };
}

/** One error of several, or one that has no form of its own. */
function standardMessage({ message, status, asIs }: CommandError): { readonly text: string; readonly known: boolean } {
  if (asIs === true) return { text: message, known: true };
  if (status === undefined) return { text: message, known: false };
  if (status.reason === 'Unauthorized') return { text: `error: You must be logged in to the server (${message})`, known: true };
  const reason = status.reason ?? '';
  return { text: reason === '' ? `Error from server: ${message}` : `Error from server (${reason}): ${message}`, known: true };
}

/** An Invalid answer alone is told by its causes, each once. */
function invalidMessage({ details }: Status): string {
  if (details === undefined) return 'The request is invalid';
  const about = (details.kind ?? '') === '' && (details.name ?? '') === '' ? 'The request is invalid' : `The ${details.kind ?? ''} ${quote(details.name ?? '')} is invalid`;
  const causes = [...new Set((details.causes ?? []).map(({ field = '', message = '' }) => `${field}: ${message}`))];
  if (causes.length === 0) return about;
  return causes.length === 1 ? `${about}: ${causes[0]}` : `${about}: \n${causes.map((cause) => `* ${cause}`).join('\n')}`;
}

/** The texts of all errors of one command, in their order. One error alone is printed otherwise than one of several. */
export function printErrors(errors: readonly CommandError[]): readonly string[] {
  const alone = errors[0];
  if (alone !== undefined && errors.length === 1) {
    if (alone.status?.reason === 'Invalid') return [invalidMessage(alone.status)];
    const { text, known } = standardMessage(alone);
    return [known || text.startsWith('error: ') ? text : `error: ${text}`];
  }
  return errors.map((error) => standardMessage(error).text);
}

/** `control-plane-1:6443`, where an API server's address stands for its URL. */
export const hostAndPort = (apiServer: Address): string => `${apiServer.slice(0, apiServer.indexOf('/'))}:6443`;

/** Nobody answered. */
export function connectionError(reason: FailureReason | undefined, apiServer: Address): CommandError {
  const server = hostAndPort(apiServer);
  switch (reason) {
    case 'connection refused': return { asIs: true, message: `The connection to the server ${server} was refused - did you specify the right host or port?` };
    case 'no route to host': return { asIs: true, message: `Unable to connect to the server: dial tcp ${server}: connect: no route to host` };
    case 'connection reset': return { asIs: true, message: `Unable to connect to the server: read tcp ${server}: read: connection reset by peer` };
    case 'closed': return { asIs: true, message: 'Unable to connect to the server: EOF' };
    default: return { asIs: true, message: `Unable to connect to the server: dial tcp ${server}: i/o timeout` };
  }
}

/** cli-runtime/pkg/resource/mapper.go and apimachinery/pkg/api/meta/errors.go: NoKindMatchError. */
export function noMatchError(apiVersion: string, kind: string, name: string, namespace: string, source: string): CommandError {
  return { noMatch: true, message: `resource mapping not found for name: ${quote(name)} namespace: ${quote(namespace)} from ${quote(source)}: no matches for kind ${quote(kind)} in version ${quote(apiVersion)}\nensure CRDs are installed first` };
}

/** cli-runtime/pkg/resource/visitor.go: ValidateSchema. */
export function validationError(source: string, problems: readonly string[]): CommandError {
  const said = problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`;
  return { message: `error validating ${quote(source)}: error validating data: ${said}; if you choose to ignore these errors, turn validation off with --validate=false` };
}
