import { describe, expect, test } from 'vitest';
import { letsPass, webhookLabel, webhookSentence } from './webhook-words.ts';

const response = (given: object) => ({ code: 200, body: { response: given } });

describe('a webhook', () => {
  test.each<[object, string, boolean]>([
    [response({ allowed: true }), 'allowed', true],
    [response({ allowed: true, patch: 'W10=' }), 'allowed, changed', true],
    [response({ allowed: false }), 'denied', false],
    [response({ convertedObjects: [], result: { status: 'Success' } }), 'converted', true],
    [response({ convertedObjects: null, result: { status: 'Failure', message: 'no' } }), 'not converted', false],
    [{ code: 404, body: '404 page not found\n' }, '404', false],
    [{ broken: 'connection refused' }, 'connection refused', false],
    [{ dialled: true }, 'connected', true],
  ])('answers %j', (body, words, passes) => {
    expect(webhookLabel('webhook.Response', body)).toBe(words);
    expect(letsPass(body as never)).toBe(passes);
  });
  test('is spoken of', () => {
    expect(webhookSentence('webhook.AdmissionReview', { review: { request: { operation: 'CREATE', resource: { resource: 'pods' }, name: 'web' } } }, 'worker-1')).toBe('kube-apiserver asks the webhook on worker-1 about CREATE pods/web');
    expect(webhookSentence('webhook.Response', response({ allowed: false }), 'worker-1')).toBe('The webhook on worker-1 denies the request');
    expect(webhookSentence('webhook.Response', { broken: 'connection refused' }, 'worker-1')).toBe('The webhook on worker-1 is no help: connection refused');
    expect(webhookSentence('webhook.Response', response({ allowed: true }), 'worker-1')).toBeUndefined();
  });
  test('is asked', () => {
    expect(webhookLabel('webhook.AdmissionReview', { review: { request: { operation: 'CREATE', resource: { resource: 'pods' }, name: 'web', subResource: 'eviction' } } })).toBe('review CREATE pods/web/eviction');
    expect(webhookLabel('webhook.Dial', {})).toBe('connect');
    expect(webhookLabel('webhook.ConversionReview', { review: { request: { desiredAPIVersion: 'example.com/v2', objects: [{ kind: 'Tab', metadata: { name: 'one' } }] } } })).toBe('convert Tab/one to example.com/v2');
  });
});
