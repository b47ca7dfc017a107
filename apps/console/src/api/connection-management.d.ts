export interface paths {
    "/v1/data-centers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the data centers of destinations */
        get: operations["DataCentersController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/connections": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the connections of a source org, oldest first */
        get: operations["ConnectionsController_list"];
        put?: never;
        /** Add a connection: checks the keys, stores them sealed, and starts its first sync */
        post: operations["ConnectionsController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/connections/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read a connection, its status, last sync and last checks */
        get: operations["ConnectionsController_read"];
        put?: never;
        post?: never;
        /**
         * Remove a connection and its keys, once its open pages have been resolved
         * @description The connection is disabled at once, page-delivery resolves its open pages, and then it is removed. With `force` it is removed at once, and its open pages stay open.
         */
        delete: operations["ConnectionsController_remove"];
        options?: never;
        head?: never;
        /** Rename, enable or disable a connection, or change its slug, failover or share */
        patch: operations["ConnectionsController_change"];
        trace?: never;
    };
    "/v1/source-orgs/{org}/connections/{id}/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replace the keys, once the new pair passes every check */
        put: operations["ConnectionActionsController_rotate"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/connections/{id}/credentials/sealed": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Store the same keys again, sealed for the present public key
         * @description For `pagebridge reseal`, when sealing keys are rotated. This service cannot open the seal, and checks only its form and its key. Revision, checks and status stay as they are.
         */
        put: operations["ConnectionActionsController_reseal"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/connections/{id}/check": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check the stored keys again
         * @description This service holds the keys only sealed. Without a body, handle-sync is asked to use them now, and the answer waits a few seconds for its report. With both keys in the body, every check is made at once.
         */
        post: operations["ConnectionActionsController_check"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/connections/{id}/sync": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Request a sync of the teams of the destination */
        post: operations["ConnectionActionsController_sync"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/connections/{id}/revoke-snapshots": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Revoke the links to snapshots that the pages of a connection had so far
         * @description They never open again, whatever the connection shares later. Links of later pages do.
         */
        post: operations["ConnectionActionsController_revoke"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the source orgs that have settings, connections, API tokens or integrations, by their id
         * @description Only those in which the caller holds `source-orgs:read`.
         */
        get: operations["SourceOrgsController_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the settings of a source org */
        get: operations["SourceOrgsController_read"];
        /** Set the org's local handles, its fallback handle, and the topics of its alerts */
        put: operations["SourceOrgsController_update"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what was changed in a source org, newest first; with parameters only what agrees with all of them
         * @description A page has at most 1 MiB, so it may have fewer entries than `limit`. Follow `next` until it is null.
         */
        get: operations["SourceOrgsController_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/tokens": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the API tokens of a source org, or those of an integration, oldest first */
        get: operations["TokensController_list"];
        put?: never;
        /** Make an API token that may do no more than its maker; it is shown only once */
        post: operations["TokensController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/tokens/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read what an API token may do, and when it was last used */
        get: operations["TokensController_read"];
        put?: never;
        post?: never;
        /** Revoke an API token: once Kafka has the change, normally within two seconds, no service accepts it */
        delete: operations["TokensController_revoke"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/integrations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the integrations of a source org, by their names */
        get: operations["IntegrationsController_list"];
        put?: never;
        /** Add an integration, through which an alerting system sends alerts */
        post: operations["IntegrationsController_create"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/integrations/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read the settings of an integration */
        get: operations["IntegrationsController_read"];
        put?: never;
        post?: never;
        /** Remove an integration, and revoke its API tokens */
        delete: operations["IntegrationsController_remove"];
        options?: never;
        head?: never;
        /** Change the settings of an integration; its name and kind stay */
        patch: operations["IntegrationsController_change"];
        trace?: never;
    };
    "/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read who the caller is, and what it may do in which source orgs */
        get: operations["MeController_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        DataCenterAnswer: {
            /** @example EU1 */
            name: string;
            /** @example datadoghq.eu */
            site: string;
            /** @example Germany */
            location: string;
            /** Format: uri */
            apiUrl: string;
            /** Format: uri */
            pagingUrl: string;
        };
        DataCenterListAnswer: {
            items: components["schemas"]["DataCenterAnswer"][];
        };
        DestinationOrgAnswer: {
            id: string;
            name: string;
        };
        DeletionAnswer: {
            /** Format: date-time */
            requestedAt: string;
            /** @description Pages of the connection that have been resolved. */
            resolvedPages: number;
            /** @description Pages of the connection that could not be resolved, and may still be open. */
            unresolvedPages: number;
            /** @description Partitions that page-delivery has not reported yet; at 0 it is removed. */
            partitionsLeft: number;
        };
        FaultAnswer: {
            /** @enum {string} */
            reportedBy: "handle-sync" | "page-delivery" | "connection-management";
            detail: string;
            missingPermission?: string;
            /**
             * @description The keys are sealed for a key that the reporter does not hold.
             * @enum {boolean}
             */
            unopenable?: true;
            /** Format: date-time */
            since: string;
        };
        SyncAnswer: {
            /** Format: date-time */
            at: string;
            /** @description On-call teams known after the sync. */
            teams: number;
            added: number;
            removed: number;
            durationMs: number;
        };
        SyncFailureAnswer: {
            /** Format: date-time */
            at: string;
            detail: string;
        };
        FailoverAnswer: {
            /**
             * Format: uuid
             * @description The backup, another connection of the source org.
             */
            connectionId: string;
            /** @example operations */
            teamHandle: string;
            /** @description Calls that failed before the backup is paged, if that is sooner. */
            afterFailures?: number;
            /** @description Seconds without acceptance before the backup is paged; 120 if left out. */
            afterSeconds?: number;
        };
        FormerCredentialAnswer: {
            revision: number;
            apiKeyLast4: string;
            applicationKeyLast4: string;
        };
        CredentialsAnswer: {
            apiKeyLast4: string;
            applicationKeyLast4: string;
            /** @description Grows with each rotation. */
            revision: number;
            /** @description The pair before the last rotation: do not revoke it while it is listed, since the new pair has not been used yet. */
            former: components["schemas"]["FormerCredentialAnswer"] | null;
            /** Format: date-time */
            checkedAt: string;
            /** @enum {string} */
            checkStatus: "passed" | "failed";
        };
        CheckAnswer: {
            /** @example permission:teams_read */
            name: string;
            /**
             * @description `unknown`: the destination did not tell; this refuses nothing.
             * @enum {string}
             */
            result: "passed" | "failed" | "unknown" | "skipped";
            detail: string;
            /** @description How to fix it. */
            cure?: string;
            missingPermission?: string;
        };
        CheckedConnectionAnswer: {
            /** Format: uuid */
            id: string;
            sourceOrg: string;
            name: string;
            /** @description Qualifies a handle: `@oncall-<slug>/<team handle>`. */
            slug: string;
            /** @example EU1 */
            dataCenter: string;
            destinationOrg: components["schemas"]["DestinationOrgAnswer"];
            /** @description Whose teams it can page: data center, destination org, service account. */
            directory: string;
            enabled: boolean;
            /** @enum {string} */
            status: "active" | "failing" | "disabled" | "deleting";
            /** @description The progress of its deletion. */
            deletion?: components["schemas"]["DeletionAnswer"];
            /** @description Why it is failing. */
            fault?: components["schemas"]["FaultAnswer"];
            /**
             * Format: date-time
             * @description When all its teams were last seen.
             */
            lastCompleteSyncAt: string | null;
            /** @description Teams whose routing rules the last sync could not read; what was known of them stays. */
            unreadTeams: number;
            lastSync?: components["schemas"]["SyncAnswer"];
            /** @description The last sync failed; known handles stay. */
            lastSyncFailure?: components["schemas"]["SyncFailureAnswer"];
            /** @description Whom to page if a page is not accepted in time. */
            failover: components["schemas"]["FailoverAnswer"] | null;
            /**
             * @description What a snapshot shows to whoever has the link that ends the text of a page.
             * @enum {string}
             */
            share: "none" | "title" | "text" | "all";
            /**
             * Format: date-time
             * @description Links of pages that were accepted before open nothing any more.
             */
            shareRevokedBefore: string | null;
            credentials: components["schemas"]["CredentialsAnswer"];
            /** @description Grows with each change; part of the ETag. */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description The last result of every check of its keys. */
            checks: components["schemas"]["CheckAnswer"][];
            /** @description The last requests for a sync that were answered. */
            answeredSyncs: string[];
        };
        NewConnection: {
            /**
             * Format: password
             * @description API key of the destination org.
             */
            apiKey: string;
            /**
             * Format: password
             * @description Application key, without scopes, of a service account in the destination org.
             */
            applicationKey: string;
            /** @example Globex Europe */
            name: string;
            /** @example EU1 */
            dataCenter: string;
            /**
             * @description Adds it even if another connection leads to the same destination org, so that each handle means two teams.
             * @default false
             */
            allowDuplicate: boolean;
        };
        ConnectionAnswer: {
            /** Format: uuid */
            id: string;
            sourceOrg: string;
            name: string;
            /** @description Qualifies a handle: `@oncall-<slug>/<team handle>`. */
            slug: string;
            /** @example EU1 */
            dataCenter: string;
            destinationOrg: components["schemas"]["DestinationOrgAnswer"];
            /** @description Whose teams it can page: data center, destination org, service account. */
            directory: string;
            enabled: boolean;
            /** @enum {string} */
            status: "active" | "failing" | "disabled" | "deleting";
            /** @description The progress of its deletion. */
            deletion?: components["schemas"]["DeletionAnswer"];
            /** @description Why it is failing. */
            fault?: components["schemas"]["FaultAnswer"];
            /**
             * Format: date-time
             * @description When all its teams were last seen.
             */
            lastCompleteSyncAt: string | null;
            /** @description Teams whose routing rules the last sync could not read; what was known of them stays. */
            unreadTeams: number;
            lastSync?: components["schemas"]["SyncAnswer"];
            /** @description The last sync failed; known handles stay. */
            lastSyncFailure?: components["schemas"]["SyncFailureAnswer"];
            /** @description Whom to page if a page is not accepted in time. */
            failover: components["schemas"]["FailoverAnswer"] | null;
            /**
             * @description What a snapshot shows to whoever has the link that ends the text of a page.
             * @enum {string}
             */
            share: "none" | "title" | "text" | "all";
            /**
             * Format: date-time
             * @description Links of pages that were accepted before open nothing any more.
             */
            shareRevokedBefore: string | null;
            credentials: components["schemas"]["CredentialsAnswer"];
            /** @description Grows with each change; part of the ETag. */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        ConnectionPageAnswer: {
            items: components["schemas"]["ConnectionAnswer"][];
            /** @description Path of the next page; null on the last one. */
            next: string | null;
        };
        FailoverInput: {
            /**
             * Format: uuid
             * @description The backup; another connection of the source org.
             */
            connectionId: string;
            /**
             * @description Team of the backup.
             * @example operations
             */
            teamHandle: string;
            /** @description Calls that failed before the backup is paged, if that is sooner than `afterSeconds`. */
            afterFailures?: number;
            /** @description Seconds without acceptance before the backup is paged; 120 if not given. */
            afterSeconds?: number;
        };
        ConnectionPatch: {
            /** @example Globex Europe */
            name?: string;
            /** @example globex-europe */
            slug?: string;
            /** @description False: its handles stay known but page nobody. */
            enabled?: boolean;
            /** @description Null removes it. */
            failover?: components["schemas"]["FailoverInput"] | null;
            /**
             * @description What a snapshot shows to whoever has the link that ends the text of a page, also of pages that are out already. Setting it needs `credentials:write` too.
             * @enum {string}
             */
            share?: "none" | "title" | "text" | "all";
        };
        WarningAnswer: {
            /**
             * @description Field of the body.
             * @example fallbackHandle
             */
            field: string;
            /** @enum {string} */
            code: "unknown-handle" | "written-with-prefix" | "connection-disabled" | "connection-unknown" | "not-checked";
            message: string;
            /** @description How to fix it. */
            cure: string;
        };
        ChangedConnectionAnswer: {
            /** Format: uuid */
            id: string;
            sourceOrg: string;
            name: string;
            /** @description Qualifies a handle: `@oncall-<slug>/<team handle>`. */
            slug: string;
            /** @example EU1 */
            dataCenter: string;
            destinationOrg: components["schemas"]["DestinationOrgAnswer"];
            /** @description Whose teams it can page: data center, destination org, service account. */
            directory: string;
            enabled: boolean;
            /** @enum {string} */
            status: "active" | "failing" | "disabled" | "deleting";
            /** @description The progress of its deletion. */
            deletion?: components["schemas"]["DeletionAnswer"];
            /** @description Why it is failing. */
            fault?: components["schemas"]["FaultAnswer"];
            /**
             * Format: date-time
             * @description When all its teams were last seen.
             */
            lastCompleteSyncAt: string | null;
            /** @description Teams whose routing rules the last sync could not read; what was known of them stays. */
            unreadTeams: number;
            lastSync?: components["schemas"]["SyncAnswer"];
            /** @description The last sync failed; known handles stay. */
            lastSyncFailure?: components["schemas"]["SyncFailureAnswer"];
            /** @description Whom to page if a page is not accepted in time. */
            failover: components["schemas"]["FailoverAnswer"] | null;
            /**
             * @description What a snapshot shows to whoever has the link that ends the text of a page.
             * @enum {string}
             */
            share: "none" | "title" | "text" | "all";
            /**
             * Format: date-time
             * @description Links of pages that were accepted before open nothing any more.
             */
            shareRevokedBefore: string | null;
            credentials: components["schemas"]["CredentialsAnswer"];
            /** @description Grows with each change; part of the ETag. */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description The last result of every check of its keys. */
            checks: components["schemas"]["CheckAnswer"][];
            /** @description The last requests for a sync that were answered. */
            answeredSyncs: string[];
            /** @description Settings that were stored but have no effect at present. */
            warnings: components["schemas"]["WarningAnswer"][];
        };
        NewCredentials: {
            /**
             * Format: password
             * @description API key of the destination org.
             */
            apiKey: string;
            /**
             * Format: password
             * @description Application key, without scopes, of a service account in the destination org.
             */
            applicationKey: string;
        };
        ResealedCredentials: {
            /** @description The keys in use, as JWE, bound to this connection. */
            sealed?: string;
            /** @description The pair from before a rotation; not stored if the connection no longer has one. */
            former?: string;
        };
        CheckReportAnswer: {
            /** Format: uuid */
            id: string;
            sourceOrg: string;
            name: string;
            /** @description Qualifies a handle: `@oncall-<slug>/<team handle>`. */
            slug: string;
            /** @example EU1 */
            dataCenter: string;
            destinationOrg: components["schemas"]["DestinationOrgAnswer"];
            /** @description Whose teams it can page: data center, destination org, service account. */
            directory: string;
            enabled: boolean;
            /** @enum {string} */
            status: "active" | "failing" | "disabled" | "deleting";
            /** @description The progress of its deletion. */
            deletion?: components["schemas"]["DeletionAnswer"];
            /** @description Why it is failing. */
            fault?: components["schemas"]["FaultAnswer"];
            /**
             * Format: date-time
             * @description When all its teams were last seen.
             */
            lastCompleteSyncAt: string | null;
            /** @description Teams whose routing rules the last sync could not read; what was known of them stays. */
            unreadTeams: number;
            lastSync?: components["schemas"]["SyncAnswer"];
            /** @description The last sync failed; known handles stay. */
            lastSyncFailure?: components["schemas"]["SyncFailureAnswer"];
            /** @description Whom to page if a page is not accepted in time. */
            failover: components["schemas"]["FailoverAnswer"] | null;
            /**
             * @description What a snapshot shows to whoever has the link that ends the text of a page.
             * @enum {string}
             */
            share: "none" | "title" | "text" | "all";
            /**
             * Format: date-time
             * @description Links of pages that were accepted before open nothing any more.
             */
            shareRevokedBefore: string | null;
            credentials: components["schemas"]["CredentialsAnswer"];
            /** @description Grows with each change; part of the ETag. */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
            /** @description The last result of every check of its keys. */
            checks: components["schemas"]["CheckAnswer"][];
            /** @description The last requests for a sync that were answered. */
            answeredSyncs: string[];
            /** @enum {string} */
            result: "passed" | "failed" | "unknown";
        };
        CheckRequest: {
            /**
             * Format: password
             * @description API key of the destination org.
             */
            apiKey?: string;
            /**
             * Format: password
             * @description Application key, without scopes, of a service account in the destination org.
             */
            applicationKey?: string;
        };
        SyncRequestedAnswer: {
            /** Format: uuid */
            connectionId: string;
            /**
             * Format: uuid
             * @description Once answered, it is among `answeredSyncs` of the connection.
             */
            requestId: string;
            /** Format: date-time */
            requestedAt: string;
        };
        SourceOrgSummaryAnswer: {
            sourceOrg: string;
            fallbackHandle: string | null;
            /** @description 0 if nothing was ever set. */
            version: number;
            /** Format: date-time */
            updatedAt: string | null;
            /** @description How many connections it has. */
            connections: number;
        };
        SourceOrgPageAnswer: {
            items: components["schemas"]["SourceOrgSummaryAnswer"][];
            /** @description Path of the next page; null on the last one. */
            next: string | null;
        };
        SourceOrgAnswer: {
            sourceOrg: string;
            localHandles: string[];
            fallbackHandle: string | null;
            /**
             * @description From which topics the org's alerts are read.
             * @enum {string}
             */
            alertTopic: "shared" | "both" | "own";
            /**
             * Format: date-time
             * @description Since when; null if it was never changed.
             */
            alertTopicSince: string | null;
            /** @description 0 if nothing was ever set. */
            version: number;
            /** Format: date-time */
            updatedAt: string | null;
        };
        SourceOrgInput: {
            /**
             * @description The org's own team handles: Pagebridge ignores mentions of them.
             * @example [
             *       "web",
             *       "db"
             *     ]
             */
            localHandles: string[];
            /**
             * @description The handle whose team is paged for unknown handles.
             * @example core-infra
             */
            fallbackHandle?: string | null;
            /**
             * @description From which topics the org's alerts are read: the shared one, its own, or both; omitted: as before.
             * @example both
             * @enum {string}
             */
            alertTopic?: "shared" | "both" | "own";
        };
        UpdatedSettingsAnswer: {
            sourceOrg: string;
            localHandles: string[];
            fallbackHandle: string | null;
            /**
             * @description From which topics the org's alerts are read.
             * @enum {string}
             */
            alertTopic: "shared" | "both" | "own";
            /**
             * Format: date-time
             * @description Since when; null if it was never changed.
             */
            alertTopicSince: string | null;
            /** @description 0 if nothing was ever set. */
            version: number;
            /** Format: date-time */
            updatedAt: string | null;
            /** @description Settings that were stored but have no effect at present. */
            warnings: components["schemas"]["WarningAnswer"][];
        };
        AuditEntryAnswer: {
            id: string;
            /** @description Who did it: `<issuer>#<subject>`. */
            actor: string;
            /** @description On whose behalf the actor says it acted; not verified. */
            onBehalfOf: string | null;
            /** @enum {string} */
            action: "connection.created" | "connection.changed" | "connection.deleting" | "connection.deleted" | "connection.checked" | "connection.snapshots-revoked" | "credentials.rotated" | "credentials.refused" | "credentials.not-stored" | "credentials.resealed" | "sync.requested" | "source-org.changed" | "source-org.republished" | "token.created" | "token.revoked" | "integration.created" | "integration.changed" | "integration.deleted" | "access-policy.changed";
            /** @description Id of the connection or token, name of the integration, or the source org. */
            target: string;
            /** @description The target before the action. Of a large change, fields that stay as they are may be absent, and a large field is `{ first, sha256 }`, a list `{ count, first, sha256 }` with the first values that the other list lacks; `sha256` is of the whole field as JSON. */
            before: {
                [key: string]: unknown;
            } | null;
            /** @description The target after the action. */
            after: {
                [key: string]: unknown;
            } | null;
            requestId: string;
            /** Format: date-time */
            at: string;
        };
        AuditPageAnswer: {
            items: components["schemas"]["AuditEntryAnswer"][];
            /** @description Path of the next page; null on the last one. */
            next: string | null;
        };
        NewToken: {
            /** @example terraform */
            name: string;
            /**
             * @description What it may do; or give `permissions`.
             * @enum {string}
             */
            role?: "viewer" | "editor" | "admin";
            /** @description Single permissions; or give `role`. */
            permissions?: ("connections:read" | "connections:write" | "credentials:write" | "credentials:reseal" | "source-orgs:read" | "source-orgs:write" | "handles:read" | "alerts:explain" | "history:read" | "alerts:write" | "alerts:test" | "dead-letters:replay" | "tokens:read" | "tokens:write" | "audit:read" | "audit:on-behalf")[];
            /**
             * @description The integration whose alerts it sends: with the permission `alerts:write`, beside which there is no other.
             * @example prometheus-eu
             */
            integration?: string;
            /**
             * @description When it expires; or give `expiresAt`.
             * @example 90
             */
            expiresInDays?: number;
            /**
             * Format: date-time
             * @description When it expires; or give `expiresInDays`.
             */
            expiresAt?: string;
        };
        RefusalAnswer: {
            /** Format: date-time */
            at: string;
            /** @description What was wrong with it, and the cure. */
            detail: string;
        };
        WithoutHandleAnswer: {
            /** Format: date-time */
            at: string;
            /** @description How many alerts of that request. */
            alerts: number;
        };
        MadeTokenAnswer: {
            /**
             * Format: uuid
             * @description The id of the token; not the token itself.
             */
            id: string;
            sourceOrg: string;
            name: string;
            /**
             * @description Null if permissions were named.
             * @enum {string|null}
             */
            role: "viewer" | "editor" | "admin" | null;
            /** @description What it may do, by role or by permission. */
            permissions: ("connections:read" | "connections:write" | "credentials:write" | "credentials:reseal" | "source-orgs:read" | "source-orgs:write" | "handles:read" | "alerts:explain" | "history:read" | "alerts:write" | "alerts:test" | "dead-letters:replay" | "tokens:read" | "tokens:write" | "audit:read" | "audit:on-behalf")[];
            /** @description The integration whose alerts it sends, if it is for that. */
            integration: string | null;
            /** @description The last characters of the token. */
            last4: string;
            /** @enum {string} */
            status: "active" | "revoked" | "expired";
            /** Format: date-time */
            createdAt: string;
            /** @description Who made it: `<issuer>#<subject>`. */
            createdBy: string;
            /**
             * Format: date-time
             * @description The token leaves the list a day later.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description Accurate to about a minute; null if it was never used.
             */
            lastUsedAt: string | null;
            /** @description The last alert or request of an integration that paged nobody, because it could not be read. */
            lastRefusal: components["schemas"]["RefusalAnswer"] | null;
            /** @description The last request of an integration with alerts that named no handle, so that they paged nobody. */
            lastWithoutHandle: components["schemas"]["WithoutHandleAnswer"] | null;
            /** Format: date-time */
            revokedAt: string | null;
            /**
             * @description The token. This is the only time that it is shown.
             * @example pbt_…
             */
            token: string;
        };
        TokenAnswer: {
            /**
             * Format: uuid
             * @description The id of the token; not the token itself.
             */
            id: string;
            sourceOrg: string;
            name: string;
            /**
             * @description Null if permissions were named.
             * @enum {string|null}
             */
            role: "viewer" | "editor" | "admin" | null;
            /** @description What it may do, by role or by permission. */
            permissions: ("connections:read" | "connections:write" | "credentials:write" | "credentials:reseal" | "source-orgs:read" | "source-orgs:write" | "handles:read" | "alerts:explain" | "history:read" | "alerts:write" | "alerts:test" | "dead-letters:replay" | "tokens:read" | "tokens:write" | "audit:read" | "audit:on-behalf")[];
            /** @description The integration whose alerts it sends, if it is for that. */
            integration: string | null;
            /** @description The last characters of the token. */
            last4: string;
            /** @enum {string} */
            status: "active" | "revoked" | "expired";
            /** Format: date-time */
            createdAt: string;
            /** @description Who made it: `<issuer>#<subject>`. */
            createdBy: string;
            /**
             * Format: date-time
             * @description The token leaves the list a day later.
             */
            expiresAt: string;
            /**
             * Format: date-time
             * @description Accurate to about a minute; null if it was never used.
             */
            lastUsedAt: string | null;
            /** @description The last alert or request of an integration that paged nobody, because it could not be read. */
            lastRefusal: components["schemas"]["RefusalAnswer"] | null;
            /** @description The last request of an integration with alerts that named no handle, so that they paged nobody. */
            lastWithoutHandle: components["schemas"]["WithoutHandleAnswer"] | null;
            /** Format: date-time */
            revokedAt: string | null;
        };
        TokenPageAnswer: {
            items: components["schemas"]["TokenAnswer"][];
            /** @description Path of the next page; null on the last one. */
            next: string | null;
        };
        SeverityPriority: {
            /**
             * @description In upper or lower case.
             * @example critical
             */
            severity: string;
            /**
             * @description P4 and P5 page with low urgency.
             * @enum {string}
             */
            priority: "P1" | "P2" | "P3" | "P4" | "P5";
        };
        NewIntegration: {
            /**
             * @description The handle whose team is paged if an alert names none; null: nobody is.
             * @example core-infra
             */
            defaultHandle?: string | null;
            /**
             * @description Names of alerts that the default handle is not for. A new integration has `Watchdog` and `InfoInhibitor` for `alertmanager`, `TestAlert` for `grafana`, and otherwise none.
             * @example [
             *       "Watchdog",
             *       "InfoInhibitor"
             *     ]
             */
            noDefaultFor?: string[];
            /** @description Priorities of severities, beside or instead of the usual ones. */
            severities?: components["schemas"]["SeverityPriority"][];
            /** @description Hours after which a firing alert is published again; 4 of a new one. */
            repeatHours?: number;
            /**
             * @description Unique in its source org. It begins the keys of its alerts, so it never changes.
             * @example prometheus-eu
             */
            name: string;
            /**
             * @description The system that sends; it never changes.
             * @enum {string}
             */
            kind: "alertmanager" | "grafana" | "datadog" | "pagerduty" | "cloudevents" | "alerts";
        };
        SeverityPriorityAnswer: {
            severity: string;
            /** @enum {string} */
            priority: "P1" | "P2" | "P3" | "P4" | "P5";
        };
        IntegrationAnswer: {
            sourceOrg: string;
            /** @description It begins the keys of its alerts. */
            name: string;
            /** @enum {string} */
            kind: "alertmanager" | "grafana" | "datadog" | "pagerduty" | "cloudevents" | "alerts";
            /** @description The handle whose team is paged if an alert names none. */
            defaultHandle: string | null;
            /** @description Names of alerts that the default handle is not for. */
            noDefaultFor: string[];
            severities: components["schemas"]["SeverityPriorityAnswer"][];
            /** @description Hours after which an alert that still fires is published again. */
            repeatHours: number;
            /** @description Grows with each change. */
            version: number;
            /** Format: date-time */
            createdAt: string;
            /** Format: date-time */
            updatedAt: string;
        };
        IntegrationPageAnswer: {
            items: components["schemas"]["IntegrationAnswer"][];
            /** @description Path of the next page; null on the last one. */
            next: string | null;
        };
        IntegrationPatch: {
            /**
             * @description The handle whose team is paged if an alert names none; null: nobody is.
             * @example core-infra
             */
            defaultHandle?: string | null;
            /**
             * @description Names of alerts that the default handle is not for. A new integration has `Watchdog` and `InfoInhibitor` for `alertmanager`, `TestAlert` for `grafana`, and otherwise none.
             * @example [
             *       "Watchdog",
             *       "InfoInhibitor"
             *     ]
             */
            noDefaultFor?: string[];
            /** @description Priorities of severities, beside or instead of the usual ones. */
            severities?: components["schemas"]["SeverityPriority"][];
            /** @description Hours after which a firing alert is published again; 4 of a new one. */
            repeatHours?: number;
        };
        GrantAnswer: {
            /**
             * @description The id of a source org, or `*` for all of them.
             * @example acme-us
             */
            sourceOrg: string;
            permissions: ("connections:read" | "connections:write" | "credentials:write" | "credentials:reseal" | "source-orgs:read" | "source-orgs:write" | "handles:read" | "alerts:explain" | "history:read" | "alerts:write" | "alerts:test" | "dead-letters:replay" | "tokens:read" | "tokens:write" | "audit:read" | "audit:on-behalf")[];
        };
        MeAnswer: {
            /** @example https://login.example.com/realms/ops */
            issuer: string;
            /** @description With the issuer the caller, as the audit names it: `<issuer>#<subject>`. */
            subject: string;
            /** @description Empty for a caller without any rights. */
            grants: components["schemas"]["GrantAnswer"][];
        };
        FieldErrorAnswer: {
            /** @description Field of the body, or name of the header or parameter. */
            field: string;
            message: string;
            cure?: string;
        };
        ProblemAnswer: {
            /** @example urn:pagebridge:problem:not-found */
            type: string;
            title: string;
            status: number;
            detail: string;
            /**
             * @description An identifier for programs.
             * @enum {string}
             */
            code: "alert-topic-both-first" | "alert-topic-unfit" | "bad-request" | "bad-signature" | "body-too-large" | "connection-deleting" | "connection-disabled" | "credential-refused" | "database-answer-lost" | "database-unavailable" | "destination-bad-answer" | "destination-taken" | "destination-unavailable" | "expired" | "expiry-out-of-range" | "if-match-malformed" | "if-match-missing" | "if-match-stale" | "internal-error" | "invalid-request" | "is-backup" | "issuer-unreachable" | "kafka-unavailable" | "limit-reached" | "malformed" | "method-not-allowed" | "missing-permission" | "name-taken" | "no-token" | "not-found" | "not-yet-valid" | "other-credential" | "own-backup" | "permission-not-held" | "policy-unusable" | "revoked" | "seal-unfit" | "slug-taken" | "tokens-off" | "tokens-stale" | "too-many-connections" | "too-many-integrations" | "too-many-kept-tokens" | "too-many-tokens" | "unknown-backup" | "unknown-data-center" | "unknown-integration" | "unknown-issuer" | "unknown-token" | "unsupported-media-type" | "wrong-audience" | "wrong-type";
            instance: string;
            /** @description Search the logs for it. */
            requestId?: string;
            errors?: components["schemas"]["FieldErrorAnswer"][];
            /** @description The missing permission, for a 403. */
            permission?: string;
            /** @description True: the same request may succeed later. */
            retriable?: boolean;
            /** @description How long to wait before a retry, also as Retry-After. */
            retryAfterMs?: number;
            /**
             * Format: uuid
             * @description The connection that causes the conflict.
             */
            connectionId?: string;
            /** @description Every check, if keys were checked. */
            checks?: components["schemas"]["CheckAnswer"][];
            /**
             * @description The limit that is reached, for a 429.
             * @enum {string}
             */
            limit?: "refused-keys" | "rotations" | "added-connections" | "made-tokens" | "changes" | "checks" | "syncs";
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    DataCentersController_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The whole catalogue. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DataCenterListAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConnectionsController_list: {
        parameters: {
            query?: {
                /** @description The maximum number of items to return. */
                limit?: number;
                /** @description Where to continue; opaque. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectionPageAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConnectionsController_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewConnection"];
            };
        };
        responses: {
            /** @description The checks as events. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Added. */
            201: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedConnectionAnswer"];
                };
            };
            /** @description Unknown data center. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unknown-data-center" | "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description The name is taken. The slug is taken. The destination is connected already. Too many connections. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "name-taken" | "slug-taken" | "destination-taken" | "too-many-connections";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description The keys do not pass the checks. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "credential-refused";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    /** @description Seconds to wait before a retry. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "limit-reached";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The destination gave an invalid answer. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "destination-bad-answer";
                    };
                };
            };
            /** @description The database cannot be used. The destination does not answer. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "destination-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConnectionsController_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
                /** @description Connection id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection. */
            200: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedConnectionAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConnectionsController_remove: {
        parameters: {
            query?: {
                /** @description Removes it at once; its open pages stay open. */
                force?: boolean;
            };
            header: {
                /** @description The ETag of the resource, as last read. */
                "If-Match": string;
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
                /** @description Connection id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Being deleted: `deletion` shows the progress. */
            202: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedConnectionAnswer"];
                };
            };
            /** @description Removed at once by `force`. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description If-Match is malformed. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-malformed" | "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description It is the backup of others. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "is-backup";
                    };
                };
            };
            /** @description It has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-stale";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description If-Match is required. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-missing";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConnectionsController_change: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the resource, as last read. */
                "If-Match": string;
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
                /** @description Connection id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConnectionPatch"];
            };
        };
        responses: {
            /** @description The connection after the change. */
            200: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChangedConnectionAnswer"];
                };
            };
            /** @description If-Match is malformed. The backup cannot be used. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-malformed" | "own-backup" | "unknown-backup" | "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description The name is taken. The slug is taken. The connection is being deleted. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "name-taken" | "slug-taken" | "connection-deleting";
                    };
                };
            };
            /** @description It has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-stale";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description If-Match is required. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-missing";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    /** @description Seconds to wait before a retry. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "limit-reached";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConnectionActionsController_rotate: {
        parameters: {
            query?: never;
            header: {
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
                /** @description The ETag of the resource, as last read. */
                "If-Match": string;
            };
            path: {
                /** @description The source org. */
                org: string;
                /** @description Connection id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewCredentials"];
            };
        };
        responses: {
            /** @description The connection with the new keys. */
            200: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedConnectionAnswer"];
                    "text/event-stream": string;
                };
            };
            /** @description If-Match is malformed. Unknown data center. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-malformed" | "unknown-data-center" | "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description The connection is being deleted. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "connection-deleting";
                    };
                };
            };
            /** @description It has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-stale";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description The keys do not pass the checks. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "credential-refused";
                    };
                };
            };
            /** @description If-Match is required. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-missing";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    /** @description Seconds to wait before a retry. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "limit-reached";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The destination gave an invalid answer. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "destination-bad-answer";
                    };
                };
            };
            /** @description The database cannot be used. The destination does not answer. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "destination-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConnectionActionsController_reseal: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the resource, as last read. */
                "If-Match": string;
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
                /** @description Connection id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResealedCredentials"];
            };
        };
        responses: {
            /** @description The connection. */
            200: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedConnectionAnswer"];
                };
            };
            /** @description If-Match is malformed. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-malformed" | "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description It has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-stale";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description The seal does not fit. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "seal-unfit";
                    };
                };
            };
            /** @description If-Match is required. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-missing";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConnectionActionsController_check: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
                /** @description Connection id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CheckRequest"];
            };
        };
        responses: {
            /** @description Every check and its result. */
            200: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckReportAnswer"];
                    "text/event-stream": string;
                };
            };
            /** @description Unknown data center. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unknown-data-center" | "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description The connection is being deleted. The connection is disabled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "connection-deleting" | "connection-disabled";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description Other keys. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "other-credential";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    /** @description Seconds to wait before a retry. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "limit-reached";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The destination gave an invalid answer. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "destination-bad-answer";
                    };
                };
            };
            /** @description The database cannot be used. The destination does not answer. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "destination-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConnectionActionsController_sync: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
                /** @description Connection id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Requested; the connection shows the result. */
            202: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SyncRequestedAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description The connection is being deleted. The connection is disabled. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "connection-deleting" | "connection-disabled";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    /** @description Seconds to wait before a retry. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "limit-reached";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConnectionActionsController_revoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
                /** @description Connection id. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The connection. */
            200: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CheckedConnectionAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    /** @description Seconds to wait before a retry. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "limit-reached";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    SourceOrgsController_list: {
        parameters: {
            query?: {
                /** @description The maximum number of items to return. */
                limit?: number;
                /** @description Where to continue; opaque. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceOrgPageAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    SourceOrgsController_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings. */
            200: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceOrgAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    SourceOrgsController_update: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the resource, as last read. */
                "If-Match": string;
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SourceOrgInput"];
            };
        };
        responses: {
            /** @description The settings after the change. */
            200: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UpdatedSettingsAnswer"];
                };
            };
            /** @description If-Match is malformed. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-malformed" | "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Both topics must be read first. The org has no such topic. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "alert-topic-both-first" | "alert-topic-unfit";
                    };
                };
            };
            /** @description It has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-stale";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description If-Match is required. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-missing";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    /** @description Seconds to wait before a retry. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "limit-reached";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Kafka does not answer. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "kafka-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    SourceOrgsController_audit: {
        parameters: {
            query?: {
                /** @description The maximum number of items to return. */
                limit?: number;
                /** @description Where to continue; opaque. */
                cursor?: string;
                action?: "connection.created" | "connection.changed" | "connection.deleting" | "connection.deleted" | "connection.checked" | "connection.snapshots-revoked" | "credentials.rotated" | "credentials.refused" | "credentials.not-stored" | "credentials.resealed" | "sync.requested" | "source-org.changed" | "source-org.republished" | "token.created" | "token.revoked" | "integration.created" | "integration.changed" | "integration.deleted" | "access-policy.changed";
                /** @description Who did it, as the audit has it: `<issuer>#<subject>`. */
                actor?: string;
                /** @description The id of what was changed, the name of an integration, or the source org. */
                target?: string;
                /** @description Only what was done at this time or later. */
                from?: string;
                /** @description Only what was done before this time. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditPageAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    TokensController_list: {
        parameters: {
            query?: {
                /** @description The maximum number of items to return. */
                limit?: number;
                /** @description Where to continue; opaque. */
                cursor?: string;
                /** @description Only the tokens of this integration. */
                integration?: string;
            };
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenPageAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    TokensController_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewToken"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MadeTokenAnswer"];
                };
            };
            /** @description The expiry is out of range. Unknown integration. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "expiry-out-of-range" | "unknown-integration" | "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description The maker lacks a permission of the token. A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "permission-not-held" | "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description API tokens are off. Too many tokens. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "tokens-off" | "too-many-tokens" | "too-many-kept-tokens";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    /** @description Seconds to wait before a retry. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "limit-reached";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    TokensController_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
                /** @description Token id; not the token itself. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The token. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    TokensController_revoke: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
                /** @description Token id; not the token itself. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked, now or before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TokenAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    IntegrationsController_list: {
        parameters: {
            query?: {
                /** @description The maximum number of items to return. */
                limit?: number;
                /** @description Where to continue; opaque. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntegrationPageAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    IntegrationsController_create: {
        parameters: {
            query?: never;
            header?: {
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewIntegration"];
            };
        };
        responses: {
            /** @description Added. */
            201: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntegrationAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description The name is taken. Too many integrations. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "name-taken" | "too-many-integrations";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    /** @description Seconds to wait before a retry. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "limit-reached";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    IntegrationsController_read: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
                /** @description Name of the integration. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The integration. */
            200: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntegrationAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    IntegrationsController_remove: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the resource, as last read. */
                "If-Match": string;
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
                /** @description Name of the integration. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Removed. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description If-Match is malformed. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-malformed" | "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description It has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-stale";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description If-Match is required. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-missing";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    IntegrationsController_change: {
        parameters: {
            query?: never;
            header: {
                /** @description The ETag of the resource, as last read. */
                "If-Match": string;
                /** @description On whose behalf the caller acts, for the audit; requires the permission `audit:on-behalf`. */
                "x-actor"?: string;
            };
            path: {
                /** @description The source org. */
                org: string;
                /** @description Name of the integration. */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["IntegrationPatch"];
            };
        };
        responses: {
            /** @description The integration after the change. */
            200: {
                headers: {
                    /** @description Strong; send it as If-Match to change this version. */
                    ETag?: string;
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IntegrationAnswer"];
                };
            };
            /** @description If-Match is malformed. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-malformed" | "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "missing-permission";
                    };
                };
            };
            /** @description Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-found";
                    };
                };
            };
            /** @description It has changed. */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-stale";
                    };
                };
            };
            /** @description Payload Too Large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "body-too-large";
                    };
                };
            };
            /** @description Unsupported Media Type. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "unsupported-media-type";
                    };
                };
            };
            /** @description If-Match is required. */
            428: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "if-match-missing";
                    };
                };
            };
            /** @description Too many requests. */
            429: {
                headers: {
                    /** @description The limits of this request (draft-ietf-httpapi-ratelimit-headers): `q` in `w` seconds. */
                    "RateLimit-Policy"?: string;
                    /** @description What is left of each limit (`r`), and the seconds until all of it is available again (`t`). */
                    RateLimit?: string;
                    /** @description Seconds to wait before a retry. */
                    "Retry-After"?: number;
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "limit-reached";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "database-unavailable" | "database-answer-lost" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    MeController_read: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeAnswer"];
                };
            };
            /** @description Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "bad-request" | "invalid-request";
                    };
                };
            };
            /** @description A token is required. The token is not valid. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-token" | "malformed" | "expired" | "not-yet-valid" | "unknown-issuer" | "wrong-audience" | "wrong-type" | "bad-signature" | "unknown-token" | "revoked" | "tokens-off";
                    };
                };
            };
            /** @description Internal error. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "internal-error";
                    };
                };
            };
            /** @description Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
}
