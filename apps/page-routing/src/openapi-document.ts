import { loadConfig, openApiText } from '@pagebridge/service';
import { pageRoutingConfig } from './config.ts';
import { openApi } from './inbound/open-api.ts';
import { PageRoutingModule } from './page-routing.module.ts';

// Nothing is connected to.
const environment = { ACCESS: 'off', KAFKA_BROKERS: 'localhost:9092' };

/** The OpenAPI document as `/openapi.json` serves it. */
export const openApiDocument = (): Promise<string> =>
  openApiText(PageRoutingModule.forRoot(loadConfig(pageRoutingConfig, environment)), openApi);
