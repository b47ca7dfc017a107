import { KeyForm, type RequestOf } from '../keys/key-form.tsx';
import { checkRequest, useChecks } from '../keys/use-checks.ts';
import { type CheckedConnection, pathOf } from '../queries.ts';
import { ConnectionDrawer } from './connection-drawer.tsx';
import { Stale } from './stale.tsx';

/** Replaces the keys of a connection, once the new pair passes every check. */
export function ReplaceKeys() {
  const run = useChecks<CheckedConnection>();
  return (
    <ConnectionDrawer
      title="Replace keys"
      question={run.isRunning ? 'The checks continue. If they pass, the keys are replaced.' : undefined}
      form={({ opened, now, onDone }) => {
        const { sourceOrg: org, id, destinationOrg, credentials } = now.value;
        const path = pathOf(org, `connections/${id}/credentials`);
        const replaceIn =
          (etag: string): RequestOf =>
          ({ apiKey, applicationKey }) =>
            checkRequest('PUT', path, { apiKey, applicationKey }, etag);
        const mine = { ...now.value, credentials: { ...credentials, revision: credentials.revision + 1 } };
        return (
          <KeyForm
            run={run}
            usual={15}
            action="Replace keys"
            requestOf={replaceIn(opened.etag)}
            onDone={onDone}
            wordsFor={({ code }, send) =>
              code === 'if-match-stale' && (
                <Stale opened={opened} now={now} mine={mine} onApply={(etag) => send(replaceIn(etag))} />
              )
            }
          >
            {() => (
              <p>
                Enter new keys for {destinationOrg.name}. They are checked before they are stored, and paging continues
                meanwhile. Do not revoke the current keys until the connection shows that the new keys are in use.
              </p>
            )}
          </KeyForm>
        );
      }}
    />
  );
}
