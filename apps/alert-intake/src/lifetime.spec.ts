import 'reflect-metadata';
import { expect, it } from '@jest/globals';
import { createApp, Health } from '@pagebridge/service';
import { configWithoutKafka } from '@pagebridge/testing';
import { AlertIntakeModule } from './alert-intake.module.ts';

it('an instance that can accept no API token is not in rotation', async () => {
  const config = { ...configWithoutKafka, ACCESS_TOKENS: 'on' as const, KNOWN_ALERTS: 1000 };
  const app = await createApp(AlertIntakeModule.forRoot(config));
  app.useLogger(false);
  const { checks } = app.get(Health).report('ready');
  expect(checks['api-tokens']).toMatchObject({ ok: false });
  await app.close();
});
