import { collectEarly, loadConfig, startService } from '@pagebridge/service';
import { handleSyncConfig } from './config.ts';
import { HandleSyncModule } from './handle-sync.module.ts';
import { openApi } from './inbound/open-api.ts';

// handle-sync keeps every team in memory, and mostly waits for destinations.
collectEarly();
await startService({
  name: 'handle-sync',
  loadConfig: () => loadConfig(handleSyncConfig),
  module: (config) => HandleSyncModule.forRoot(config),
  openApi,
});
