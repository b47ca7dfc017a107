import { loadConfig, openApiText } from '@pagebridge/service';
import { AlertIntakeModule } from './alert-intake.module.ts';
import { alertIntakeConfig } from './config.ts';
import { openApi } from './open-api.ts';

// A placeholder: nothing connects to it.
const environment = { KAFKA_BROKERS: 'localhost:9092' };

/** Returns the OpenAPI document that `/openapi.json` serves. */
export const openApiDocument = (): Promise<string> =>
  openApiText(AlertIntakeModule.forRoot(loadConfig(alertIntakeConfig, environment)), openApi);
