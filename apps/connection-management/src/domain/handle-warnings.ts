import type { Backup, ConnectionSummary, HandleRegistry } from '@pagebridge/handle-registry';
import { handleOf } from '@pagebridge/vocabulary';
import type { SourceOrgSettings } from './source-org-settings.ts';

export const warningCodes = [
  'unknown-handle',
  'written-with-prefix',
  'connection-disabled',
  'connection-unknown',
  'not-checked',
] as const;

/** A setting that was stored but has no effect at present. */
export interface Warning {
  readonly field: string;
  readonly code: (typeof warningCodes)[number];
  readonly message: string;
  readonly cure: string;
}

/** The handles as page-routing knows them; undefined until they have been read. */
export type KnownHandles = Pick<HandleRegistry, 'resolve' | 'teamOver' | 'nearest'> | undefined;

/**
 * Returns why a fallback would page nobody now. A handle that was local until this change gives no warning: its meaning is
 * unknown until the change has been read back from Kafka.
 */
export function fallbackWarnings(
  known: KnownHandles,
  { sourceOrg, fallbackHandle }: Pick<SourceOrgSettings, 'sourceOrg' | 'fallbackHandle'>,
  now: Date,
): Warning[] {
  const field = 'fallbackHandle';
  if (fallbackHandle === undefined) return [];
  if (!known) return [notChecked(field)];
  const meaning = known.resolve(sourceOrg, fallbackHandle, now);
  switch (meaning.kind) {
    case 'routed':
    case 'local':
      return [];
    case 'connection-disabled':
      return [disabled(field, meaning.connection, 'use another handle')];
    case 'unknown': {
      const isKnown = (handle: string) => known.resolve(sourceOrg, handle, now).kind === 'routed';
      const message = `${field}: no active connection of ${sourceOrg} has ${handleOf(fallbackHandle)}`;
      const nearest = meaning.nearest?.handle.slice(handleOf('').length);
      return [unknown({ field, written: fallbackHandle, message, isKnown, nearest, verb: 'Set' })];
    }
  }
}

/** Returns why pages would not fail over to this backup now. */
export function backupWarnings(
  known: KnownHandles,
  { sourceOrg, failover }: { readonly sourceOrg: string; readonly failover: Backup | undefined },
  now: Date,
): Warning[] {
  if (!failover) return [];
  const { connectionId, teamHandle } = failover;
  const [overField, teamField] = ['failover.connectionId', 'failover.teamHandle'];
  if (!known) return [notChecked(teamField)];
  const meaning = known.teamOver(sourceOrg, connectionId, teamHandle, now);
  switch (meaning.kind) {
    case 'known':
      return [];
    case 'connection-unknown':
      return [unreadConnection(overField)];
    case 'connection-disabled':
      return [disabled(overField, meaning.connection, 'use another backup')];
    case 'unknown': {
      const { name, slug } = meaning.connection;
      const isKnown = (handle: string) => known.teamOver(sourceOrg, connectionId, handle, now).kind === 'known';
      const message = `${teamField}: connection "${name}" has no team ${teamHandle}`;
      const nearest = known.nearest(sourceOrg, `${slug}/${teamHandle}`, now)?.teamHandle;
      return [unknown({ field: teamField, written: teamHandle, message, isKnown, nearest, verb: 'Use' })];
    }
  }
}

const prefix = /^oncall-/;

interface UnknownHandle {
  readonly field: string;
  readonly written: string;
  readonly message: string;
  readonly isKnown: (handle: string) => boolean;
  readonly nearest: string | undefined;
  readonly verb: 'Set' | 'Use';
}

function unknown({ field, written, message, isKnown, nearest, verb }: UnknownHandle): Warning {
  if (prefix.test(written)) {
    const bare = written.replace(prefix, '');
    const cure = `Use ${isKnown(bare) ? bare : 'only the team handle'}, without oncall-.`;
    return { field, code: 'written-with-prefix', message, cure };
  }
  const instead = nearest ? `${nearest}, the most similar handle, or another one` : 'another';
  const cure = `${verb} ${instead}. A team that is added later is found by the next sync.`;
  return { field, code: 'unknown-handle', message, cure };
}

const disabled = (field: string, { name, deleting }: ConnectionSummary, otherwise: string): Warning => ({
  field,
  code: 'connection-disabled',
  message: `${field}: connection "${name}" is ${deleting ? 'being deleted' : 'disabled'}, so its teams are not paged`,
  cure: deleting ? `${otherwise.charAt(0).toUpperCase()}${otherwise.slice(1)}.` : `Enable it, or ${otherwise}.`,
});

const unreadConnection = (field: string): Warning => ({
  field,
  code: 'connection-unknown',
  message: `${field}: page-routing has not read this connection yet`,
  cure: 'Wait a few seconds, then see the failover with POST /v1/explain.',
});

const notChecked = (field: string): Warning => ({
  field,
  code: 'not-checked',
  message: `${field} was stored but not checked: handles are still being loaded from Kafka`,
  cure: 'See its effect with POST /v1/explain.',
});
