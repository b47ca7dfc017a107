import { Audit, type AuditRecord, mostViewBytes, nextTraceparent, type OutgoingRecord } from '@pagebridge/contracts';
import type { AuditEntry } from '../../domain/audit.ts';

const service = 'connection-management';

/** Returns the record of an audit entry; `id` is that of its row. */
export function auditRecordOf(entry: AuditEntry, id: string): OutgoingRecord {
  const { sourceOrg, actor, onBehalfOf, action, target, requestId } = entry;
  const at = entry.at.toISOString();
  const data: AuditRecord = {
    kind: 'entry',
    sourceOrg,
    service,
    ...(requestId === '' ? {} : { requestId }),
    actor,
    ...(onBehalfOf === null ? {} : { onBehalfOf }),
    action,
    target,
    ...viewsOf(entry),
    at,
  };
  const attributes = { id: `audit.${id}`, source: `/pagebridge/${service}`, time: at, traceparent: nextTraceparent() };
  return Audit.encode(sourceOrg, attributes, data);
}

// The local handles of an org may be too large for a record. Then only the row contains the views.
function viewsOf({ before, after }: AuditEntry): Pick<AuditRecord & { kind: 'entry' }, 'before' | 'after' | 'omitted'> {
  const views = { ...(before === null ? {} : { before }), ...(after === null ? {} : { after }) };
  return Buffer.byteLength(JSON.stringify(views)) > mostViewBytes ? { omitted: true } : views;
}
