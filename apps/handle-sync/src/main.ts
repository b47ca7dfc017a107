import { loadConfig, startService } from '@pagebridge/service';
import { handleSyncConfig } from './config.ts';
import { HandleSyncModule } from './handle-sync.module.ts';
import { openApi } from './inbound/open-api.ts';

await startService({
  name: 'handle-sync',
  loadConfig: () => loadConfig(handleSyncConfig),
  module: (config) => HandleSyncModule.forRoot(config),
  openApi,
});
