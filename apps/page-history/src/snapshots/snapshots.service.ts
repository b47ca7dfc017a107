import { Inject, Injectable } from '@nestjs/common';
import { type Share, SnapshotLinks, type SnapshotOf } from '@pagebridge/contracts';
import { StoreUnavailable } from '@pagebridge/database';
import { BackgroundTable, CONFIG } from '@pagebridge/service';
import { Extents } from '../asked/extent.ts';
import { KnownConnections } from '../asked/known-connections.ts';
import { Stored } from '../asked/stored.ts';
import type { PageHistoryConfig } from '../config.ts';
import { Mention } from '../rows/mention.entity.ts';
import { Traces } from '../traces/trace.service.ts';
import type { Refusal } from './refusals.ts';
import { snapshotOf } from './snapshot.ts';
import { snapshotPage, unkeptPage } from './snapshot-page.ts';

/** The page of a snapshot, or why there is none. */
export type Shown = { readonly page: string } | { readonly refusal: Refusal };

// An answer stands for so long: whoever opens a link again and again makes us read it once.
const standsMs = 1000;
const maxAnswers = 50;

/** Opens links. Reads nothing for whoever has no link that opens, and few snapshots at once. */
@Injectable()
export class Snapshots {
  /** By share and token. */
  private readonly answers = new Map<string, Promise<Shown>>();
  private reading = 0;
  private readonly maxReading: number;

  constructor(
    private readonly links: SnapshotLinks,
    private readonly table: BackgroundTable,
    private readonly known: KnownConnections,
    private readonly stored: Stored,
    private readonly traces: Traces,
    private readonly extents: Extents,
    @Inject(CONFIG) { DATABASE_POOL_SIZE }: PageHistoryConfig,
  ) {
    // The others are left to those who have logged in.
    this.maxReading = Math.floor(DATABASE_POOL_SIZE / 2);
  }

  async show(token: string): Promise<Shown> {
    const opened = this.links.open(token, Date.now());
    if (opened.kind !== 'open') return { refusal: opened.kind };
    // It cannot be told what was revoked.
    if (!this.table.isRead()) return { refusal: 'unavailable' };
    const share = this.known.shareOf(opened.of);
    if (share !== 'title' && share !== 'text' && share !== 'all') return { refusal: share };
    const name = `${share} ${token}`;
    const known = this.answers.get(name);
    if (known) return known;
    if (this.reading >= this.maxReading || this.answers.size >= maxAnswers) return { refusal: 'busy' };
    this.reading += 1;
    const answer = this.read(opened.of, share).finally(() => {
      this.reading -= 1;
      setTimeout(() => this.answers.delete(name), standsMs).unref();
    });
    this.answers.set(name, answer);
    return answer;
  }

  private async read(of: SnapshotOf, share: Exclude<Share, 'none'>): Promise<Shown> {
    try {
      const { sourceOrg, connectionId, pageId } = of;
      const mention = await this.stored.read((manager) =>
        manager.findOneBy(Mention, { sourceOrg, pageId, connectionId }),
      );
      if (!mention) return { page: unkeptPage(of, await this.extents.now(sourceOrg)) };
      const trace = await this.traces.of(sourceOrg, mention.alertKey, mention);
      return { page: snapshotPage(snapshotOf(share, mention, trace, new Date()), of.expiresAt) };
    } catch (error) {
      if (error instanceof StoreUnavailable) return { refusal: 'unavailable' };
      throw error;
    }
  }
}
