import { Inject, Injectable } from '@nestjs/common';
import type { AlertState, PageCommand, PageState } from '@pagebridge/contracts';
import { type PageText, textWithoutCommand } from '@pagebridge/page-ledger';
import { CLOCK, LOG } from '@pagebridge/service';
import type { Clock, Log } from '@pagebridge/vocabulary';
import type { PageTexts } from '../application/ports.ts';
import { KafkaCommands } from './kafka-commands.ts';
import { within } from './within.ts';

const maxBytes = 32 * 1024 * 1024;
// A page whose text cannot be read frees the slot of its lane.
const timeoutMs = 1000;
// After this time, a page with its title alone is better than none.
const withoutTextAfterMs = 60_000;
// The cost of an entry beside its text; measured.
const entryBytes = 200;

const bytesOf = ({ title, description, tags }: PageText): number =>
  entryBytes + 2 * (title.length + description.length + tags.reduce((sum, tag) => sum + tag.length, 0));

@Injectable()
export class KafkaPageTexts implements PageTexts {
  /** By page id, oldest first. Two alerts may have pages with one id. */
  private readonly texts = new Map<string, PageText & Pick<AlertState, 'alertKey'>>();
  private bytes = 0;

  constructor(
    @Inject(KafkaCommands) private readonly commands: Pick<KafkaCommands, 'commandOf' | 'unreadMs'>,
    @Inject(CLOCK) private readonly clock: Pick<Clock, 'after'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  keep({ alertKey, pageId, title, description, tags }: PageCommand): void {
    this.delete(pageId);
    const text = { alertKey, title, description, tags };
    this.texts.set(pageId, text);
    this.bytes += bytesOf(text);
    for (const oldest of this.texts.keys()) {
      if (this.bytes <= maxBytes) return;
      this.delete(oldest);
    }
  }

  forget({ pageId }: PageState): void {
    this.delete(pageId);
  }

  kept({ alertKey }: AlertState, { pageId, failoverOf }: PageState): PageText | undefined {
    const text = this.texts.get(pageId) ?? (failoverOf && this.texts.get(failoverOf.pageId));
    return text?.alertKey === alertKey ? text : undefined;
  }

  async read(partition: number, state: AlertState, page: PageState): Promise<PageText | undefined> {
    const unreadMs = this.commands.unreadMs(partition);
    if (unreadMs > withoutTextAfterMs) return textWithoutCommand(page);
    // Another page waits for the same already.
    if (unreadMs > timeoutMs) return undefined;
    try {
      return await within(this.clock, timeoutMs, this.textOf(partition, state, page));
    } catch (error) {
      // The page waits in the ledger.
      this.log.warn({ partition, error: String(error) }, 'reading page text failed; retrying');
      return undefined;
    }
  }

  private async textOf(partition: number, state: AlertState, page: PageState): Promise<PageText> {
    const command = await this.commands.commandOf(partition, state, page);
    return command?.event.data ?? textWithoutCommand(page);
  }

  private delete(pageId: string): void {
    const text = this.texts.get(pageId);
    if (!text) return;
    this.texts.delete(pageId);
    this.bytes -= bytesOf(text);
  }
}
