import { loadConfig, openApiText } from '@pagebridge/service';
import { handleSyncConfig } from './config.ts';
import { HandleSyncModule } from './handle-sync.module.ts';
import { openApi } from './inbound/open-api.ts';

// Placeholders: nothing connects to them.
const key = { kty: 'EC', crv: 'P-256', x: '-', y: '-', d: '-', kid: '-' };
const environment = {
  ACCESS: 'off',
  KAFKA_BROKERS: 'localhost:9092',
  CREDENTIALS_PRIVATE_KEYS: JSON.stringify({ keys: [key] }),
};

/** Returns the OpenAPI document that `/openapi.json` serves. */
export const openApiDocument = (): Promise<string> =>
  openApiText(HandleSyncModule.forRoot(loadConfig(handleSyncConfig, environment)), openApi);
