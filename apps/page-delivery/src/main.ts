import { loadConfig, startService } from '@pagebridge/service';
import { pageDeliveryConfig } from './config.ts';
import { PageDeliveryModule } from './page-delivery.module.ts';

await startService({
  name: 'page-delivery',
  loadConfig: () => loadConfig(pageDeliveryConfig),
  module: (config) => PageDeliveryModule.forRoot(config),
});
