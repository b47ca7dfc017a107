import { loadConfig, openApiText } from '@pagebridge/service';
import { connectionManagementConfig } from './config.ts';
import { ConnectionManagementModule } from './connection-management.module.ts';
import { openApi } from './inbound/open-api.ts';

// Placeholders: nothing connects to them.
const environment = {
  ACCESS: 'off',
  KAFKA_BROKERS: 'localhost:9092',
  DATABASE_URL: 'mysql://localhost/pagebridge',
  CREDENTIALS_PUBLIC_KEY: JSON.stringify({ kty: 'EC', crv: 'P-256', x: '-', y: '-', kid: '-' }),
};

/** Returns the OpenAPI document as `/openapi.json` serves it. */
export const openApiDocument = (): Promise<string> =>
  openApiText(ConnectionManagementModule.forRoot(loadConfig(connectionManagementConfig, environment)), openApi);
