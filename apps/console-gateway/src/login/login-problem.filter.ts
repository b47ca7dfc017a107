import { type ArgumentsHost, Catch, type ExceptionFilter, Inject } from '@nestjs/common';
import { Problem, type ProblemDetails } from '@pagebridge/service';
import type { Response } from 'express';
import { LOGINS, type LoginCounter } from './login-counter.ts';

/** Answers a problem of a login as a page with a link to another try: a person sees it, not the console. */
@Catch(Problem)
export class LoginProblemFilter implements ExceptionFilter<Problem> {
  constructor(@Inject(LOGINS) private readonly logins: LoginCounter) {}

  catch({ details }: Problem, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    this.logins.inc({ result: details.code });
    response.status(details.status).type('html').send(pageOf(details, response.locals));
  }
}

// It needs no file of the console's build. The nonce is that of the response's policy.
const pageOf = (
  { code, title, detail }: ProblemDetails,
  { nonce, returnTo = '/' }: Response['locals'],
): string => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} – Pagebridge</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 36rem; margin: 15vh auto; padding: 0 1rem; }
h1 { font-size: 1.25rem; }
</style>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(detail)}</p>
<p><a href="/login?return=${encodeURIComponent(returnTo)}">Sign in again</a></p>
<p><small>${escaped(code)}</small></p>
</main>
</html>
`;

// Some of the words are those of the issuer.
const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
