import { expect, test } from 'vitest';
import { httpLabel, httpSentence } from './http-words.ts';

const asked = { method: 'GET', path: '/docs', ip: '10.244.1.5', port: 80 };

test('what is asked and answered over HTTP is told in a sentence, unless it went well', () => {
  expect(httpSentence('http.Request', asked, 'kube-apiserver', 'containerd on worker-1')).toBe('kube-apiserver asks the Pod at 10.244.1.5, port 80: GET /docs');
  expect(httpSentence('http.Request', { ...asked, ip: '', port: 10250 }, 'kube-apiserver', 'kubelet on worker-1')).toBe('kube-apiserver asks kubelet on worker-1, port 10250: GET /docs');
  expect(httpSentence('http.Response', { code: 200 }, 'containerd on worker-1', 'kube-apiserver')).toBeUndefined();
  expect(httpSentence('http.Response', { broken: 'connection refused' }, 'containerd on worker-1', 'kube-apiserver')).toBe('containerd on worker-1 answers: connection refused');
  expect([httpLabel('http.Request', asked), httpLabel('http.Response', { code: 404 })]).toEqual(['GET /docs', '404']);
});
