import { loadConfig, openApiText } from '@pagebridge/service';
import { pageRoutingConfig } from './config.ts';
import { openApi } from './inbound/open-api.ts';
import { PageRoutingModule } from './page-routing.module.ts';

/** The OpenAPI document as `/openapi.json` serves it. Nothing is connected to. */
export const openApiDocument = (): Promise<string> =>
  openApiText(PageRoutingModule.forRoot(loadConfig(pageRoutingConfig, { KAFKA_BROKERS: 'localhost:9092' })), openApi);
