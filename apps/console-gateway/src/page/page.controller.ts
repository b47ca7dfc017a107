import { Controller, Get, NotFoundException, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ConsoleBuild } from './console-build.ts';

/** Serves the console: its files, and its page for every path that a browser opens and nothing else answers. */
@Controller()
export class PageController {
  constructor(private readonly build: ConsoleBuild) {}

  @Get(['assets/*path', 'favicon.svg'])
  async file(@Req() request: Request, @Res() response: Response): Promise<void> {
    const none = new NotFoundException(`${request.path} does not exist`);
    await new Promise<void>((answered, refused) => {
      response.once('close', answered);
      this.build.serve(request, response, () => refused(none));
    });
  }

  @Get('{*path}')
  page(@Req() request: Request, @Res() response: Response): void {
    // A script or a program that asks for JSON would take the page for an answer.
    if (!request.headers.accept?.includes('text/html')) throw new NotFoundException(`${request.path} does not exist`);
    response.type('html').send(this.build.page(response.locals.nonce, schemeOf(request)));
  }
}

const schemeOf = ({ headers }: Request): string =>
  /(?:^|; )pagebridge-theme=(light|dark|auto)(?:;|$)/.exec(headers.cookie ?? '')?.[1] ?? 'auto';
