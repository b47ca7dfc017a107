import { expect, it } from '@jest/globals';
import { requirePrivate } from './urls.ts';

it.each([
  'https://connections.example.com',
  'http://localhost:8080',
  'http://127.0.0.1:1/path',
  'http://[::1]:1',
  'http://pagebridge-connection-management',
  'http://pagebridge-handle-sync.pagebridge.svc:80',
  'http://pagebridge-handle-sync.pagebridge.svc.cluster.local',
])('a secret may be sent to %s', (url) => {
  expect(() => requirePrivate(url)).not.toThrow();
});

it.each([
  'http://connections.example.com',
  'http://10.0.0.7:8080',
  // 8.8.8.8, written as one number.
  'http://134744072',
  'http://svc.example.com',
  'http://localhost.example.com',
  'http://evil.svc.example.com',
])('no secret is sent to %s', (url) => {
  expect(() => requirePrivate(url)).toThrow(/in clear text: use https/);
});
