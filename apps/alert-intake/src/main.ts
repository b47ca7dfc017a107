import { startService } from '@pagebridge/service';
import { AlertIntakeModule } from './alert-intake.module.ts';
import { loadIntakeConfig } from './config.ts';
import { openApi } from './open-api.ts';

await startService({
  name: 'alert-intake',
  loadConfig: () => loadIntakeConfig(),
  module: (config) => AlertIntakeModule.forRoot(config),
  openApi,
});
