import { type Answer, ok, textErrors } from '../answer.ts';
import { type Call, get, guarded, type Route } from '../route.ts';

/** The three routes that validate keys. The first two check the API key only. */
export const validateRoutes: readonly Route[] = [
  get('/api/v1/validate', validate),
  get('/api/v2/validate', validateV2),
  get(
    '/api/v2/validate_keys',
    guarded(null, () => ok({ status: 'ok' })),
  ),
];

function validate({ org, credential, now }: Call): Answer {
  if (!credential.apiKey) return textErrors(403, 'API key required');
  return org.apiKeys.withValue(credential.apiKey, now) ? ok({ valid: true }) : textErrors(403, 'Forbidden');
}

function validateV2({ org, credential, now }: Call): Answer {
  const key = org.apiKeys.withValue(credential.apiKey, now);
  if (!key) {
    const error = { status: '403', title: 'Forbidden', detail: 'API key is missing or invalid' };
    return { status: 403, body: { errors: [error] }, contentType: 'application/vnd.api+json' };
  }
  const attributes = { valid: true, api_key_id: key.id, api_key_scopes: [] };
  return ok({ data: { type: 'validate_v2', id: org.id, attributes } });
}
