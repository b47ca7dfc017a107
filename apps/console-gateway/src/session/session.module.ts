import { Module } from '@nestjs/common';
import { Cookies } from './cookies.ts';
import { Issuer } from './issuer.ts';
import { Sealing } from './sealing.ts';
import { SessionController } from './session.controller.ts';
import { Sessions } from './sessions.ts';

const providers = [Cookies, Issuer, Sealing, Sessions];

@Module({ controllers: [SessionController], providers, exports: providers })
export class SessionModule {}
