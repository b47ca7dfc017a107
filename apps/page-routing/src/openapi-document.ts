import { loadConfig, openApiText } from '@pagebridge/service';
import { pageRoutingConfig } from './config.ts';
import { openApi } from './inbound/open-api.ts';
import { PageRoutingModule } from './page-routing.module.ts';

// Generating the document connects to nothing.
const environment = { ACCESS: 'off', KAFKA_BROKERS: 'localhost:9092' };

/** Returns the OpenAPI document that `/openapi.json` serves. */
export const openApiDocument = (): Promise<string> =>
  openApiText(PageRoutingModule.forRoot(loadConfig(pageRoutingConfig, environment)), openApi);
