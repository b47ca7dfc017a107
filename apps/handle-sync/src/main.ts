import { collectEarly, loadConfig, startService } from '@pagebridge/service';
import { handleSyncConfig } from './config.ts';
import { HandleSyncModule } from './handle-sync.module.ts';
import { openApi } from './inbound/open-api.ts';

// It holds every team of every directory, and waits for destinations nearly all the time.
collectEarly();
await startService({
  name: 'handle-sync',
  loadConfig: () => loadConfig(handleSyncConfig),
  module: (config) => HandleSyncModule.forRoot(config),
  openApi,
});
