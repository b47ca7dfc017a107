import { startService } from '@pagebridge/service';
import { loadHandleSyncConfig } from './config.ts';
import { HandleSyncModule } from './handle-sync.module.ts';
import { openApi } from './inbound/open-api.ts';

await startService({
  name: 'handle-sync',
  loadConfig: loadHandleSyncConfig,
  module: (config) => HandleSyncModule.forRoot(config),
  openApi,
});
