/** What is said over HTTP between the API server and what listens on a node, in a few words. */
import type { HttpRequest, HttpResponse } from '../../kubernetes/protocols/http.ts';

export const isAnswered = (response: HttpResponse): boolean => 'code' in response && response.code < 400;

export function httpLabel(type: string, body: unknown): string {
  if (type === 'http.Request') return `${(body as HttpRequest).method} ${(body as HttpRequest).path}`;
  const response = body as HttpResponse;
  return 'broken' in response ? response.broken : String(response.code);
}

/** In a sentence; that it was answered well is told by the answer to the client. */
export function httpSentence(type: string, body: unknown, from: string, to: string): string | undefined {
  if (type !== 'http.Request') return isAnswered(body as HttpResponse) ? undefined : `${from} answers: ${httpLabel(type, body)}`;
  const { ip, port } = body as HttpRequest;
  return `${from} asks ${ip === '' ? to : `the Pod at ${ip}`}, port ${port}: ${httpLabel(type, body)}`;
}
