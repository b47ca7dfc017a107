import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@pagebridge/service';
import { loadGatewayConfig } from './config.ts';
import { variables } from './console-gateway.fixtures.ts';

describe('the configuration', () => {
  it.each([
    ['https://console.example.com', 'https://console.example.com'],
    ['https://console.example.com:8443/', 'https://console.example.com:8443'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['http://localhost:8080', 'http://localhost:8080'],
  ])('takes PUBLIC_URL %s', (url, origin) => {
    expect(loadGatewayConfig({ ...variables, PUBLIC_URL: url }).PUBLIC_URL).toBe(origin);
  });

  it.each([
    ['PUBLIC_URL', 'http://console.example.com', 'must begin with https://, or with http:// on a loopback address'],
    ['PUBLIC_URL', 'https://example.com/console', 'must be an origin, without path or query: https://example.com'],
    ['PUBLIC_URL', 'https://example.com/?a=b', 'must be an origin'],
    ['PUBLIC_URL', 'console.example.com', 'must be a URL'],
    ['OIDC_ISSUER', 'http://login.example.com', 'must begin with https://'],
    ['PAGE_ROUTING_URL', 'http://page-routing.example.com', 'would be sent to page-routing.example.com in clear text'],
    ['HANDLE_SYNC_URL', 'http://handle-sync/v1', 'must be an origin'],
    ['CONNECTION_MANAGEMENT_URL', 'nowhere', 'Invalid URL'],
    ['PAGE_HISTORY_URL', 'http://page-history.example.com', 'would be sent to page-history.example.com in clear text'],
  ])('refuses %s=%s, and says why', (name, url, why) => {
    const load = () => loadGatewayConfig({ ...variables, [name]: url });
    expect(load).toThrow(ConfigError);
    expect(load).toThrow(`bad configuration: ${name}: `);
    expect(load).toThrow(why);
  });

  it('needs no page-history', () => {
    expect(loadGatewayConfig(variables).PAGE_HISTORY_URL).toBeUndefined();
  });

  it('asks for a refresh token unless it is told otherwise', () => {
    expect(loadGatewayConfig(variables).OIDC_SCOPE).toBe('openid profile offline_access');
  });
});
