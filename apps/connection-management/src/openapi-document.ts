import { NestFactory } from '@nestjs/core';
import { openApiOf } from '@pagebridge/service';
import { readConfig } from './config.ts';
import { ConnectionManagementModule } from './connection-management.module.ts';
import { openApi } from './service.ts';

// Nothing is connected to: in preview mode Nest reads the decorators and makes no instance.
const environment = {
  KAFKA_BROKERS: 'localhost:9092',
  DATABASE_URL: 'mysql://localhost/pagebridge',
  CREDENTIALS_PUBLIC_KEY: JSON.stringify({ kty: 'EC', crv: 'P-256', x: '-', y: '-', kid: '-' }),
};

/** The OpenAPI document as text, the same as `/openapi.json` serves. */
export async function openApiDocument(): Promise<string> {
  const module = ConnectionManagementModule.of(readConfig(environment));
  const app = await NestFactory.create(module, { preview: true, abortOnError: false, logger: false });
  return `${JSON.stringify(openApiOf(app, openApi), null, 2)}\n`;
}
