import { beforeEach, describe, expect, test } from 'vitest';
import type { KubeObject } from '../../kubernetes/api/index.ts';
import type { ApiRequest } from '../../kubernetes/protocols/api.ts';
import { Bench } from './bench.ts';

let bench: Bench;
const place = { group: 'certificates.k8s.io', version: 'v1', resource: 'certificatesigningrequests' };
const spec = { request: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KQUFBQQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K', signerName: 'example.com/web', usages: ['client auth'] };
beforeEach(() => {
  bench = new Bench();
  bench.object({ verb: 'create', ...place, body: { metadata: { name: 'web' }, spec: { ...spec, username: 'somebody' } } });
});

const read = () => bench.object<KubeObject & { spec: { username: string; groups: string[] }; status: { conditions?: object[]; certificate?: string } }>({ verb: 'get', ...place, name: 'web' });
const condition = (type: string, more: object = {}) => ({ type, status: 'True', reason: 'ByHand', message: 'seen', ...more });
type Asked = Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>;
const put = (subresource: 'approval' | 'status', status: object, more: Partial<ApiRequest> = {}): Asked => ({ verb: 'update', ...place, subresource, name: 'web', body: { ...read(), status }, ...more });
const approve = (...conditions: readonly object[]): Asked => put('approval', { conditions });

test('who asks is what the server saw', () => {
  expect(read().spec).toMatchObject({ username: 'kubernetes-admin', groups: ['kubeadm:cluster-admins', 'system:authenticated'] });
});

test.each<[object, string]>([
  [{ usages: [] }, 'spec.usages: Required value'],
  [{ signerName: '' }, 'spec.signerName: Required value'],
  [{ signerName: 'web' }, `spec.signerName: Invalid value: "web": must be a fully qualified domain and path of the form 'example.com/signer-name'`],
  [{ signerName: 'kubernetes.io/legacy-unknown' }, 'spec.signerName: Invalid value: "kubernetes.io/legacy-unknown": the legacy signerName is not allowed via this API version'],
  [{ expirationSeconds: 60 }, 'spec.expirationSeconds: Invalid value: 60: may not specify a duration less than 600 seconds (10 minutes)'],
  [{ usages: ['client auth', 'client auth'] }, 'spec.usages[1]: Duplicate value: "client auth"'],
])('a request with %j is refused', (more, words) => {
  expect(bench.refusal({ verb: 'create', ...place, body: { metadata: { name: 'other' }, spec: { ...spec, ...more } } })).toBe(`422 CertificateSigningRequest.certificates.k8s.io "other" is invalid: ${words}`);
});

describe('an approval', () => {
  test('adds its condition with the moment, and changes nothing else', () => {
    const approved = bench.object<KubeObject>(put('approval', { conditions: [condition('Approved')], certificate: 'YQ==' }, { body: { ...read(), spec: { ...spec, signerName: 'other.example/x' }, status: { conditions: [condition('Approved')], certificate: 'YQ==' } } }));
    expect(approved).toMatchObject({ spec: { signerName: 'example.com/web' }, status: { conditions: [{ ...condition('Approved'), lastUpdateTime: expect.stringMatching(/^2026/) as string, lastTransitionTime: expect.stringMatching(/^2026/) as string }] } });
    expect(read().status).not.toHaveProperty('certificate');
    expect(bench.object({ verb: 'get', ...place, subresource: 'approval', name: 'web' })).toEqual(approved);
  });
  test.each<[string, () => Asked, string]>([
    ['of both', () => approve(condition('Approved'), condition('Denied')), 'status.conditions[1].type: Invalid value: "Denied": Approved and Denied conditions are mutually exclusive'],
    ['that is no word', () => approve(condition('Approved', { status: 'False' })), 'status.conditions[0].status: Unsupported value: "False": supported values: "True"'],
    ['twice', () => approve(condition('Denied'), condition('Denied')), 'status.conditions[1].type: Duplicate value: "Denied"'],
  ])('%s is refused', (_what, asked, words) => expect(bench.refusal(asked())).toBe(`422 CertificateSigningRequest.certificates.k8s.io "web" is invalid: ${words}`));
  test('is not taken back, and is none of the status', () => {
    bench.object(approve(condition('Approved')));
    expect(bench.refusal(approve())).toContain('status.conditions: Forbidden: updates may not remove a condition of type "Approved"');
    bench.object(put('status', { conditions: [condition('Denied')], certificate: 'YQ==' }));
    expect(read().status).toMatchObject({ conditions: [{ type: 'Approved' }], certificate: 'YQ==' });
    expect(bench.refusal(put('status', { ...read().status, certificate: 'Yg==' }))).toContain('status.certificate: Forbidden: updates may not modify existing certificate content');
  });
  test('and a signature must be allowed for the signer', () => {
    const rules = [{ apiGroups: ['certificates.k8s.io'], resources: ['certificatesigningrequests/approval', 'certificatesigningrequests/status'], verbs: ['update'] }];
    const rbac = { group: 'rbac.authorization.k8s.io', version: 'v1' };
    const grant = (name: string, granted: object[]): void => {
      bench.object({ verb: 'create', ...rbac, resource: 'clusterroles', body: { metadata: { name }, rules: granted } });
      bench.object({ verb: 'create', ...rbac, resource: 'clusterrolebindings', body: { metadata: { name }, roleRef: { apiGroup: rbac.group, kind: 'ClusterRole', name }, subjects: [{ kind: 'User', name: 'jane' }] } });
      bench.run(1);
    };
    grant('writer', rules);
    const jane = { user: 'jane' };
    expect(bench.refusal({ ...approve(condition('Approved')), ...jane })).toBe('403 certificatesigningrequests.certificates.k8s.io "web" is forbidden: user not permitted to approve requests with signerName "example.com/web"');
    expect(bench.refusal({ ...put('status', { certificate: 'YQ==' }), ...jane })).toContain('user not permitted to sign requests with signerName "example.com/web"');
    grant('approver', [{ apiGroups: ['certificates.k8s.io'], resources: ['signers'], resourceNames: ['example.com/*'], verbs: ['approve'] }]);
    expect(bench.object({ ...approve(condition('Approved')), ...jane })).toMatchObject({ status: { conditions: [{ type: 'Approved' }] } });
  });
});
