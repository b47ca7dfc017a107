import { loadConfig, openApiText } from '@pagebridge/service';
import { pageHistoryConfig } from './config.ts';
import { openApi } from './open-api.ts';
import { PageHistoryModule } from './page-history.module.ts';

// Placeholders: nothing connects to them.
const environment = {
  ACCESS: 'off',
  KAFKA_BROKERS: 'localhost:9092',
  DATABASE_URL: 'mysql://localhost/pagebridge_history',
};

/** Returns the OpenAPI document that `/openapi.json` serves. */
export const openApiDocument = (): Promise<string> =>
  openApiText(PageHistoryModule.forRoot(loadConfig(pageHistoryConfig, environment)), openApi);
