import { Module } from '@nestjs/common';
import { SessionModule } from '../session/session.module.ts';
import { LoginController } from './login.controller.ts';
import { loginCounter } from './login-counter.ts';
import { PendingLogins } from './pending-logins.ts';

@Module({ imports: [SessionModule], controllers: [LoginController], providers: [PendingLogins, loginCounter] })
export class LoginModule {}
