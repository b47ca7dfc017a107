import { boundGarbage, loadConfig, startService } from '@pagebridge/service';
import { pageDeliveryConfig } from './config.ts';
import { PageDeliveryModule } from './page-delivery.module.ts';

// Pages that wait for hours may be most of the heap.
boundGarbage();

await startService({
  name: 'page-delivery',
  loadConfig: () => loadConfig(pageDeliveryConfig),
  module: (config) => PageDeliveryModule.forRoot(config),
});
