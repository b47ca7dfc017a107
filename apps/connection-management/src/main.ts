import { loadConfig, startService } from '@pagebridge/service';
import { connectionManagementConfig } from './config.ts';
import { ConnectionManagementModule } from './connection-management.module.ts';
import { openApi } from './inbound/open-api.ts';

await startService({
  name: 'connection-management',
  loadConfig: () => loadConfig(connectionManagementConfig),
  module: (config) => ConnectionManagementModule.forRoot(config),
  openApi,
  // The routes need only MySQL: without Kafka, changes wait in the outbox.
  servesWithoutKafka: true,
});
