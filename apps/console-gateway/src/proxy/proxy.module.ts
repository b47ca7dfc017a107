import { Module } from '@nestjs/common';
import { SessionModule } from '../session/session.module.ts';
import { ProxyController } from './proxy.controller.ts';
import { Upstreams } from './upstreams.ts';

@Module({ imports: [SessionModule], controllers: [ProxyController], providers: [Upstreams] })
export class ProxyModule {}
