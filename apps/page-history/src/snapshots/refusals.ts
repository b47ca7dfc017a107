import { html } from './markup.ts';
import { pageOf } from './page-frame.ts';

/** Why there is no snapshot: the status, what the page says, and what to do. */
const pages = {
  forged: [404, 'This link is not valid', 'The link is incomplete or forged. Open it again from the page.'],
  expired: [410, 'This link has expired', 'Ask the org of the alert, or wait for the next page.'],
  revoked: [410, 'This link was revoked', 'The org of the alert has revoked its links. Ask that org.'],
  'not-shared': [
    410,
    'This alert is not shared',
    'The org of the alert shares no snapshots over this connection. Ask that org.',
  ],
  unknown: [
    410,
    'This connection no longer exists',
    'The connection that paged you was deleted. Ask the org of the alert.',
  ],
  busy: [503, 'Too many requests', 'Open the link again in a few seconds.'],
  unavailable: [503, 'The history is not available', 'The link is valid. Open it again in a minute.'],
} as const;

export type Refusal = keyof typeof pages;
export const refusals = Object.keys(pages) as readonly Refusal[];

/** Returns the answer without a snapshot. It says nothing about the alert. */
export function refusalPage(refusal: Refusal): { readonly status: number; readonly page: string } {
  const [status, title, cure] = pages[refusal];
  return { status, page: pageOf(title, html`<h1>${title}</h1>\n<p>${cure}</p>`) };
}
