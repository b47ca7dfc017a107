import { startService } from '@pagebridge/service';
import { readConfig } from './config.ts';
import { ConnectionManagementModule } from './connection-management.module.ts';
import { name, openApi } from './service.ts';

await startService({
  name,
  loadConfig: readConfig,
  module: (config) => ConnectionManagementModule.of(config),
  openApi,
});
