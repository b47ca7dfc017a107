import { html } from './markup.ts';
import { pageOf } from './page-frame.ts';

/** Why there is no snapshot: the status, what the page says, and what to do. */
const pages = {
  forged: [404, 'This link does not open', 'It is not complete, or was not made here. Open it from the page again.'],
  expired: [410, 'This link has ended', 'Ask those who are paged by the alert’s own org, or wait for its next page.'],
  revoked: [410, 'This link was revoked', 'The org of the alert has revoked the links that it gave out. Ask there.'],
  'not-shared': [410, 'This alert is not shared', 'Its org shares nothing over this connection. Ask there.'],
  unknown: [410, 'This connection is gone', 'The connection that paged you was removed. Ask the org of the alert.'],
  busy: [503, 'Too many are reading now', 'Open the link again in a few seconds.'],
  unavailable: [503, 'The history cannot be read now', 'The link is good. Open it again in a minute.'],
} as const;

export type Refusal = keyof typeof pages;
export const refusals = Object.keys(pages) as readonly Refusal[];

/** Returns the answer without a snapshot. It says nothing about the alert. */
export function refusalPage(refusal: Refusal): { readonly status: number; readonly page: string } {
  const [status, title, cure] = pages[refusal];
  return { status, page: pageOf(title, html`<h1>${title}</h1>\n<p>${cure}</p>`) };
}
