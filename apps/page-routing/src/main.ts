import { loadConfig, startService } from '@pagebridge/service';
import { pageRoutingConfig } from './config.ts';
import { openApi } from './inbound/open-api.ts';
import { PageRoutingModule } from './page-routing.module.ts';

await startService({
  name: 'page-routing',
  loadConfig: () => loadConfig(pageRoutingConfig),
  module: (config) => PageRoutingModule.forRoot(config),
  openApi,
});
