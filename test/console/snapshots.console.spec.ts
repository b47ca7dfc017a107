import { beforeAll, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';
import { Chromium, describeInChromium } from './chromium.ts';
import { expectUsable, looks } from './looked-at.ts';

const journey = new Journey();
const chromium = new Chromium();
const hostile = '</pre><script>document.title = "run"</script><b>bold</b> \u202Ereversed';
let acme: SourceOrg;
let id: string;
let link: string;

beforeAll(async () => {
  acme = journey.sourceOrg();
  id = await acme.connect(journey.globex, 'Globex EU');
});

async function connection() {
  const { console: url } = journey.driver.info.services;
  return chromium.signedIn(url, 'olga', `/o/${acme.id}/connections/${id}`);
}

describeInChromium('a snapshot', () => {
  it('is shared by an admin, and its link ends the text of the next page', async () => {
    const page = await connection();
    await page.getByLabel('Anyone with the link').selectOption('title, state, message, tags, links and steps');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Share' }).click();
    await page.getByText('Changed the connection').first().waitFor();
    link = await waitFor('a text that ends with a link', async () => {
      const alert = await acme.alert({
        title: `High memory usage ${hostile}`,
        message: `High memory usage detected on backend services. @oncall-core-infra ${hostile}`,
        tags: ['service:checkout', `hostile:${hostile}`],
        links: [{ title: 'Monitor', url: 'https://monitors.example/1234' }],
      });
      const { description } = await acme.pageIn(journey.globex, alert, 'core-infra');
      return /\bhttp:\S+\/s\/\S+$/.exec(description ?? '')?.[0];
    });
  });

  it.each(looks)(
    'can be read by everybody, in $colorScheme at $viewport.width px, forced colours $forcedColors',
    async (look) => {
      const page = await chromium.page(journey.driver.info.services.pageHistory, { ...look, javaScriptEnabled: true });
      await waitFor('the outcome in the history', async () => {
        await page.goto(link);
        return (await page.getByText('Accepted').count()) > 0;
      });
      await page.getByText('paged by attempt 1').waitFor();
      await expectUsable(page, 'snapshot', look);
      expect(await page.title()).toBe(`Alert of ${acme.id}`);
      expect(await page.locator('script, b').count()).toBe(0);
    },
  );

  it('is refused once an admin has revoked the links so far, with a page that says so', async () => {
    const page = await connection();
    await page.getByRole('button', { name: 'Revoke links' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke links' }).click();
    await page.getByText('Links were last revoked').waitFor();
    const [look] = looks;
    const reader = await chromium.page(journey.driver.info.services.pageHistory, look);
    await waitFor('the end of the link', async () => {
      await reader.goto(link);
      return (await reader.getByRole('heading', { name: 'This link was revoked' }).count()) > 0;
    });
    await expectUsable(reader, 'snapshot-revoked', look);
  });
});
