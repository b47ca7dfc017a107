import { startService } from '@pagebridge/service';
import { loadPageDeliveryConfig } from './config.ts';
import { PageDeliveryModule } from './page-delivery.module.ts';

await startService({
  name: 'page-delivery',
  loadConfig: loadPageDeliveryConfig,
  module: (config) => PageDeliveryModule.forRoot(config),
});
