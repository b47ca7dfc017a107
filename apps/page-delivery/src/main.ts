import { setFlagsFromString } from 'node:v8';
import { loadConfig, startService } from '@pagebridge/service';
import { pageDeliveryConfig } from './config.ts';
import { PageDeliveryModule } from './page-delivery.module.ts';

// Pages that wait for hours may be most of the heap: by default V8 would let garbage take twice as much memory as they do.
setFlagsFromString('--heap-growing-percent=50');

await startService({
  name: 'page-delivery',
  loadConfig: () => loadConfig(pageDeliveryConfig),
  module: (config) => PageDeliveryModule.forRoot(config),
});
