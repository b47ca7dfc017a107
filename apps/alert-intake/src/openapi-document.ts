import { openApiText } from '@pagebridge/service';
import { AlertIntakeModule } from './alert-intake.module.ts';
import { loadIntakeConfig } from './config.ts';
import { openApi } from './open-api.ts';

// Placeholders: nothing connects to it.
const environment = { ACCESS: 'off', KAFKA_BROKERS: 'localhost:9092', ACCESS_TOKENS: 'on' };

/** Returns the OpenAPI document that `/openapi.json` serves. */
export const openApiDocument = (): Promise<string> =>
  openApiText(AlertIntakeModule.forRoot(loadIntakeConfig(environment)), openApi);
