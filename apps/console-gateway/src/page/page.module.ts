import { type DynamicModule, Module } from '@nestjs/common';
import { ConsoleBuild } from './console-build.ts';
import { PageController } from './page.controller.ts';

@Module({ controllers: [PageController] })
export class PageModule {
  static forRoot(build: string): DynamicModule {
    return { module: PageModule, providers: [{ provide: ConsoleBuild, useFactory: () => new ConsoleBuild(build) }] };
  }
}
