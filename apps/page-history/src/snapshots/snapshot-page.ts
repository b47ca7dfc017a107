import type { SnapshotOf } from '@pagebridge/contracts';
import type { Extent } from '../asked/extent.ts';
import { html, type Markup } from './markup.ts';
import { pageOf } from './page-frame.ts';
import type { Snapshot } from './snapshot.ts';

/** Returns the page of a snapshot, whose link ends at `expiresAt`. */
export function snapshotPage(snapshot: Snapshot, expiresAt: number): string {
  const { sourceOrg, title, message, tags, links, steps } = snapshot;
  const main = html`<h1 dir="auto">${title}</h1>
<p>${stateOf(snapshot)}</p>
<h2>Your page</h2>
${factsOf(snapshot)}
${
  message &&
  html`<h2>Message</h2>
<pre dir="auto">${message.text}${message.isCut ? '… (cut; the whole text is at its source)' : ''}</pre>`
}
${listOf(
  'Tags',
  tags.map((tag) => html`<bdi>${tag}</bdi>`),
)}
${listOf(
  'Links',
  links.map(({ title: name, url }) => html`<a href="${url}" rel="noopener noreferrer"><bdi>${name}</bdi></a>`),
)}
${listOf(
  'Steps of your page',
  steps.map(({ at, text }) => html`${timeOf(at)} <bdi>${text}</bdi>`),
)}
${footerOf(snapshot, expiresAt)}`;
  return pageOf(`Alert of ${sourceOrg}`, main);
}

function stateOf({ sourceOrg, firing }: Snapshot): Markup {
  if (!firing) return html`An alert of ${sourceOrg}. Its record has expired or cannot be read.`;
  const { since, recoveredAt } = firing;
  if (recoveredAt === undefined) return html`<strong>Fires</strong> in ${sourceOrg} since ${timeOf(since)}.`;
  return html`<strong>Recovered</strong> in ${sourceOrg} at ${timeOf(recoveredAt)}; fired at ${timeOf(since)}.`;
}

function factsOf({ page: { team, state, moments, possibleDuplicate } }: Snapshot): Markup {
  const facts = [
    ['Team', html`<bdi>${team}</bdi>`],
    ['State', html`It ${state}.`],
    ...moments.map(({ name, at }) => [name, timeOf(at)] as const),
    ...(possibleDuplicate ? [['Duplicate', html`Possible: you may have this page twice.`] as const] : []),
  ] as const;
  return html`<dl>${facts.map(([name, fact]) => html`<dt>${name}</dt><dd>${fact}</dd>`)}</dl>`;
}

const listOf = (name: string, items: readonly Markup[]): Markup | undefined =>
  items.length === 0 ? undefined : html`<h2>${name}</h2>\n<ul>${items.map((item) => html`<li>${item}</li>`)}</ul>`;

function footerOf({ asOf, isBehind, keptSince, firing }: Snapshot, expiresAt: number): Markup {
  return html`<footer class="dim">
<p>${asOf === undefined ? 'The history is still being read.' : html`Complete up to ${timeOf(asOf)}.`}${isBehind ? ' Later events may be missing.' : ''}
${firing ? undefined : html`The history starts at ${timeOf(keptSince)}.`}</p>
<p>This link expires at ${timeOf(expiresAt)}. Anyone with the link can read this page.</p>
</footer>`;
}

/** Returns the page of a link of which nothing is kept: all that is known is in the link. */
export function unkeptPage(
  { sourceOrg, pageId, acceptedAt, expiresAt }: SnapshotOf,
  { keptSince, asOf }: Extent,
): string {
  const isStored = asOf !== null && acceptedAt < Date.parse(asOf);
  const main = html`<h1>${isStored ? 'This alert is no longer stored' : 'This alert is not stored yet'}</h1>
<p>${sourceOrg} paged you at ${timeOf(acceptedAt)}, with the page ${pageId}.
${isStored ? html`The history starts at ${timeOf(keptSince)} and has no other record of this alert.` : 'Open the link again in a minute.'}</p>
<footer class="dim"><p>This link expires at ${timeOf(expiresAt)}.</p></footer>`;
  return pageOf(`Alert of ${sourceOrg}`, main);
}

/** Times from records may be of any year, and with any offset. */
const timeOf = (at: string | number): Markup => {
  const iso = new Date(at).toISOString();
  return html`<time datetime="${iso}">${iso.slice(0, 10)} ${iso.slice(11, 19)} UTC</time>`;
};
