import { describe, expect, test } from 'vitest';
import { requestInfo } from './request-info.ts';

const ask = (line: string, contentType = 'application/json', body?: unknown) => {
  const [method = '', address = ''] = line.split(' ');
  const url = new URL(address, 'http://localhost');
  return requestInfo({ method, path: url.pathname, query: url.searchParams, contentType, userAgent: 'test', body });
};

describe('what a request means', () => {
  test.each([
    ['GET /api/v1/pods', { verb: 'list', group: '', version: 'v1', resource: 'pods' }],
    ['GET /api/v1/namespaces/default/pods?limit=500&labelSelector=app%3Dweb', { verb: 'list', namespace: 'default', resource: 'pods', query: { limit: 500, labelSelector: 'app=web' } }],
    ['GET /api/v1/namespaces/default/pods/web-1', { verb: 'get', namespace: 'default', resource: 'pods', name: 'web-1' }],
    ['GET /api/v1/namespaces/default', { verb: 'get', resource: 'namespaces', name: 'default' }],
    ['PUT /api/v1/namespaces/default/finalize', { verb: 'update', resource: 'namespaces', name: 'default', subresource: 'finalize' }],
    ['GET /apis/apps/v1/namespaces/x/deployments/web/scale', { verb: 'get', group: 'apps', resource: 'deployments', name: 'web', subresource: 'scale' }],
    ['GET /api/v1/pods?watch=true&allowWatchBookmarks=true&timeoutSeconds=300', { verb: 'watch', query: { allowWatchBookmarks: true, timeoutSeconds: 300 } }],
    ['GET /api/v1/watch/namespaces/x/pods?watch=1', { verb: 'watch', namespace: 'x', resource: 'pods' }],
    ['POST /api/v1/namespaces/x/pods/web/eviction', { verb: 'create', subresource: 'eviction' }],
    ['DELETE /api/v1/namespaces/x/pods', { verb: 'deletecollection' }],
    ['DELETE /api/v1/nodes/worker-1', { verb: 'delete', name: 'worker-1' }],
    ['GET /apis/apps/v1/namespaces/a%2Fb/deployments', { verb: 'list', namespace: 'a/b' }],
  ])('%s', (line, request) => expect(ask(line)).toMatchObject({ request }));

  test.each(['GET /', 'GET /api', 'GET /apis/apps', 'GET /apis/apps/v1', 'GET /openapi/v3', 'GET /metrics'])('%s is no resource', (line) => expect(ask(line)).toHaveProperty('path'));
  test('a patch needs one of the patch types', () => expect(ask('PATCH /api/v1/nodes/a', 'application/json')).toMatchObject({ refused: { code: 415 } }));
  test('a patch carries its type', () => expect(ask('PATCH /api/v1/nodes/a', 'application/merge-patch+json; charset=utf-8', {})).toMatchObject({ request: { patchType: 'application/merge-patch+json', body: {} } }));
  test('a method that is none', () => expect(ask('TRACE /api/v1/nodes')).toMatchObject({ refused: { code: 405 } }));
});
