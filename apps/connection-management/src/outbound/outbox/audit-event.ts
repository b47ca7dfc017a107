import { Audit, type AuditRecord, mostViewBytes, nextTraceparent, type OutgoingRecord } from '@pagebridge/contracts';
import type { AuditEntry } from '../../domain/audit.ts';

const service = 'connection-management';

/** The record of an entry of the audit, by the id of its row. */
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

// An org may have ten thousand handles of its own: the row has them.
function viewsOf({ before, after }: AuditEntry): Pick<AuditRecord & { kind: 'entry' }, 'before' | 'after' | 'omitted'> {
  const views = { ...(before === null ? {} : { before }), ...(after === null ? {} : { after }) };
  return Buffer.byteLength(JSON.stringify(views)) > mostViewBytes ? { omitted: true } : views;
}
