import type { AuditEntry } from '../../domain/audit.ts';
import type { SourceOrgSettings } from '../../domain/source-org-settings.ts';
import type { Page, PageQuery, SourceOrgSummary, Store } from '../ports.ts';

/** Reads what a source org has settled, and what was changed in it. */
export class ReadSourceOrg {
  constructor(private readonly store: Store) {}

  page(query: PageQuery, among: ReadonlySet<string> | 'all'): Promise<Page<SourceOrgSummary>> {
    return this.store.sourceOrgs(query, among);
  }

  settings(sourceOrg: string): Promise<SourceOrgSettings> {
    return this.store.sourceOrg(sourceOrg);
  }

  audit(sourceOrg: string, query: PageQuery): Promise<Page<AuditEntry & { readonly id: string }>> {
    return this.store.auditOf(sourceOrg, query);
  }
}
