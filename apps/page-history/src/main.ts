import { loadConfig, startService } from '@pagebridge/service';
import { pageHistoryConfig } from './config.ts';
import { openApi } from './open-api.ts';
import { PageHistoryModule } from './page-history.module.ts';

await startService({
  name: 'page-history',
  loadConfig: () => loadConfig(pageHistoryConfig),
  module: (config) => PageHistoryModule.forRoot(config),
  openApi,
  // What is kept is told also while Kafka is away; `asOf` says how old it is.
  servesWithoutKafka: true,
});
