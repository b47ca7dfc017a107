import { Audit, type AuditRecord, nextTraceparent, type OutgoingRecord } from '@pagebridge/contracts';
import type { AuditEntry } from '../../domain/audit.ts';

const service = 'connection-management';

/** Returns the record of an audit entry; `id` is that of its row. */
export function auditRecordOf(entry: AuditEntry, id: string): OutgoingRecord {
  const { sourceOrg, actor, onBehalfOf, action, target, before, after, requestId } = entry;
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
    ...(before === null ? {} : { before }),
    ...(after === null ? {} : { after }),
    at,
  };
  const attributes = { id: `audit.${id}`, source: `/pagebridge/${service}`, time: at, traceparent: nextTraceparent() };
  return Audit.encode(sourceOrg, attributes, data);
}
