import { openApiText } from '@pagebridge/service';
import { readConfig } from './config.ts';
import { ConnectionManagementModule } from './connection-management.module.ts';
import { openApi } from './service.ts';

// Nothing is connected to.
const environment = {
  KAFKA_BROKERS: 'localhost:9092',
  DATABASE_URL: 'mysql://localhost/pagebridge',
  CREDENTIALS_PUBLIC_KEY: JSON.stringify({ kty: 'EC', crv: 'P-256', x: '-', y: '-', kid: '-' }),
};

/** The OpenAPI document as `/openapi.json` serves it. */
export const openApiDocument = (): Promise<string> =>
  openApiText(ConnectionManagementModule.of(readConfig(environment)), openApi);
