import { type DynamicModule, type MiddlewareConsumer, Module, type NestModule } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { BaseModule } from '@pagebridge/service';
import type { ConsoleGatewayConfig } from './config.ts';
import { CsrfGuard } from './csrf/csrf.guard.ts';
import { LoginModule } from './login/login.module.ts';
import { builtConsole } from './page/console-build.ts';
import { PageModule } from './page/page.module.ts';
import { SecurityHeaders } from './page/security-headers.middleware.ts';
import { ProxyModule } from './proxy/proxy.module.ts';
import { SessionModule } from './session/session.module.ts';

@Module({})
export class ConsoleGatewayModule implements NestModule {
  /** `build` is the folder with the built console. */
  static forRoot(config: ConsoleGatewayConfig, build = builtConsole): DynamicModule {
    return {
      module: ConsoleGatewayModule,
      imports: [
        BaseModule.forRoot({ name: 'console-gateway', config }),
        SessionModule,
        LoginModule,
        ProxyModule,
        // Last, because it answers every path that no other module has.
        PageModule.forRoot(build),
      ],
      providers: [{ provide: APP_GUARD, useClass: CsrfGuard }],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer.apply(SecurityHeaders).forRoutes('{*path}');
  }
}
