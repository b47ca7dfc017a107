import type { Page } from 'playwright-core';

/* Each returns what one does in a page. */

/** Answers a path with a status and a body, in the place of the stack. */
export const answer = (glob: string, status: number, body: object) => (page: Page) =>
  page.route(glob, (route) => route.fulfill({ status, json: body }));

/** Answers a path as the gateway of a service that is away. */
export const away = (glob: string, service: string) => answer(glob, 503, { code: 'service-away', service });

/** Changes what the stack answers at a path. */
export const changed = (glob: string, change: object | ((body: { services: string[] }) => object)) => (page: Page) =>
  page.route(glob, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, ...(typeof change === 'function' ? change(body) : change) } });
  });

export const nothing = async () => {};

export const click = (name: string) => (page: Page) => page.getByRole('button', { name, exact: true }).first().click();

/** Types a text into Explain. */
export const type = (text: string) => (page: Page) => page.getByLabel('Message').pressSequentially(text);
