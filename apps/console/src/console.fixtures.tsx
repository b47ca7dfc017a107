import { afterEach } from '@jest/globals';
import { cleanup, configure, render } from '@testing-library/react';
import { type UserEvent, userEvent } from '@testing-library/user-event';
import { queryClient } from './api/query-client.ts';
import { App } from './app.tsx';
import { type ConsoleRouter, consoleRouter } from './router.tsx';
import { Services } from './services.fixtures.ts';

interface OpenConsole {
  readonly services: Services;
  readonly user: UserEvent;
  readonly router: ConsoleRouter;
}

// The machine may be busy: half of the time that a test has.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => {
  cleanup();
  queryClient.clear();
  localStorage.clear();
  sessionStorage.clear();
});

/** Opens the console at a path, on services that answer their examples, or as they were told to. */
export function openConsole(path: string, services = new Services()): OpenConsole {
  window.history.replaceState(null, '', path);
  globalThis.fetch = services.fetch;
  const router = consoleRouter();
  render(<App router={router} nonce="" />);
  return { services, user: userEvent.setup(), router };
}
