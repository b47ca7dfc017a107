import { startService } from '@pagebridge/service';
import { loadGatewayConfig } from './config.ts';
import { ConsoleGatewayModule } from './console-gateway.module.ts';

await startService({
  name: 'console-gateway',
  loadConfig: () => loadGatewayConfig(),
  module: (config) => ConsoleGatewayModule.forRoot(config),
});
