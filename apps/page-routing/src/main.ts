import { startService } from '@pagebridge/service';
import { loadPageRoutingConfig } from './config.ts';
import { openApi } from './inbound/open-api.ts';
import { PageRoutingModule } from './page-routing.module.ts';

await startService({
  name: 'page-routing',
  loadConfig: loadPageRoutingConfig,
  module: (config) => PageRoutingModule.forRoot(config),
  openApi,
});
