export interface paths {
    "/v1/source-orgs/{org}/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alerts that fire, each with what became of its mentions, the latest first, in pages */
        get: operations["AlertsController_listAlerts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Pages, the latest first, in pages; with `state=unrouted` handles that became none */
        get: operations["AlertsController_listPages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/page-counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many pages of each connection are open or wait, and when one was last accepted */
        get: operations["CountsController_count"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Dead letters of alerts and pages, the latest first, in pages */
        get: operations["DeadLettersController_ofOrg"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Dead letters that cannot be read, so that they are no source org’s; for operators */
        get: operations["DeadLettersController_ofNobody"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is new about the alerts of an org, as server-sent events
         * @description Each event has an id, the kind of the record as its name, and as data the key of the alert, or the id of the connection; an event `outcome` also has the outcome, such as `acknowledged`, and its reason, such as `closed-there`. The stream ends when the token expires, with an API token after a minute; go on with `after`, at most 5,000 events back.
         */
        get: operations["EventsController_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/dead-letters/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What sending these dead letters again does now; sends nothing */
        post: operations["ReplaysController_preview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/dead-letters/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Send these dead letters again, except those that a preview skips; audited before anything is sent */
        post: operations["ReplaysController_replay"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/trace": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The whole life of an alert, and in one sentence whom it paged or why it did not
         * @description Also of an alert of which nothing is known: `asOf` and `keptSince` say how far that goes.
         */
        get: operations["TracesController_read"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
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
        Lag: {
            topic: string;
            partition: number;
            /** @description Not stored yet; null: the topic cannot be read. */
            records: number | null;
        };
        MentionAnswer: {
            /**
             * @description As mentioned; empty while only an outcome is known.
             * @example @oncall-core-infra
             */
            handle: string;
            /**
             * @description Waiting: its destination has not accepted it yet. Unrouted: it became no page. Late: it became one after all.
             * @enum {string}
             */
            state: "waiting" | "unrouted" | "late" | "delivered" | "joined" | "undeliverable" | "resolved" | "unresolved" | "superseded";
            /** Format: date-time */
            at: string;
            /**
             * Format: date-time
             * @description Time of the last news of it.
             */
            stateAt: string | null;
            pageId: string | null;
            /** @description The page that it backs. */
            backs: string | null;
            /** Format: uuid */
            connectionId: string | null;
            /** @description Name of the connection, if it is known. */
            connectionName: string | null;
            teamHandle: string | null;
            /** @enum {string|null} */
            urgency: "low" | "high" | null;
            /** @description Calls of the destination so far. */
            attempts: number;
            /** @description The destination may show this page twice. */
            possibleDuplicate: boolean;
            destinationPageId: string | null;
            /** Format: date-time */
            acceptedAt: string | null;
            /**
             * Format: date-time
             * @description When a responder took it, as its destination says; null if nobody has, or it is not known.
             */
            takenAt: string | null;
            /**
             * Format: date-time
             * @description When a responder closed it while its alert fired, as its destination says. Its state is `resolved`.
             */
            closedThereAt: string | null;
            /**
             * Format: date-time
             * @description The next call, at the earliest.
             */
            nextAttemptAt: string | null;
            /**
             * Format: date-time
             * @description When it becomes a dead letter.
             */
            givenUpAt: string | null;
            reason: string | null;
            /** @description The reason in a sentence. */
            detail: string | null;
        };
        AlertAnswer: {
            alertKey: string;
            /** @description Id of the event. */
            eventId: string;
            title: string;
            /**
             * Format: date-time
             * @description When Pagebridge got it.
             */
            at: string;
            /** @description Empty if it mentions nobody, or is not routed yet. */
            mentions: components["schemas"]["MentionAnswer"][];
            /** @description How many more it has: the last 100 are told, and 1,000 in one answer. */
            moreMentions: number;
        };
        AlertList: {
            /**
             * Format: date-time
             * @description What is older is not kept.
             */
            keptSince: string;
            /**
             * Format: date-time
             * @description Everything that was written before is stored; null until the topics have been read once.
             */
            asOf: string | null;
            /** @description The partitions that are not stored to their end, at most 50. */
            lag: components["schemas"]["Lag"][];
            /** @description Records of this time that could not be read or stored. */
            leftOut: number;
            /** @description The latest first; an alert may be listed in two parts of the list. */
            items: components["schemas"]["AlertAnswer"][];
            /** @description Path of the next page; null on the last one. */
            next: string | null;
        };
        PageAnswer: {
            /**
             * @description As mentioned; empty while only an outcome is known.
             * @example @oncall-core-infra
             */
            handle: string;
            /**
             * @description Waiting: its destination has not accepted it yet. Unrouted: it became no page. Late: it became one after all.
             * @enum {string}
             */
            state: "waiting" | "unrouted" | "late" | "delivered" | "joined" | "undeliverable" | "resolved" | "unresolved" | "superseded";
            /** Format: date-time */
            at: string;
            /**
             * Format: date-time
             * @description Time of the last news of it.
             */
            stateAt: string | null;
            pageId: string | null;
            /** @description The page that it backs. */
            backs: string | null;
            /** Format: uuid */
            connectionId: string | null;
            /** @description Name of the connection, if it is known. */
            connectionName: string | null;
            teamHandle: string | null;
            /** @enum {string|null} */
            urgency: "low" | "high" | null;
            /** @description Calls of the destination so far. */
            attempts: number;
            /** @description The destination may show this page twice. */
            possibleDuplicate: boolean;
            destinationPageId: string | null;
            /** Format: date-time */
            acceptedAt: string | null;
            /**
             * Format: date-time
             * @description When a responder took it, as its destination says; null if nobody has, or it is not known.
             */
            takenAt: string | null;
            /**
             * Format: date-time
             * @description When a responder closed it while its alert fired, as its destination says. Its state is `resolved`.
             */
            closedThereAt: string | null;
            /**
             * Format: date-time
             * @description The next call, at the earliest.
             */
            nextAttemptAt: string | null;
            /**
             * Format: date-time
             * @description When it becomes a dead letter.
             */
            givenUpAt: string | null;
            reason: string | null;
            /** @description The reason in a sentence. */
            detail: string | null;
            alertKey: string;
            eventId: string;
            /** @description Title of the alert; empty while only an outcome is known. */
            title: string;
        };
        PageList: {
            /**
             * Format: date-time
             * @description What is older is not kept.
             */
            keptSince: string;
            /**
             * Format: date-time
             * @description Everything that was written before is stored; null until the topics have been read once.
             */
            asOf: string | null;
            /** @description The partitions that are not stored to their end, at most 50. */
            lag: components["schemas"]["Lag"][];
            /** @description Records of this time that could not be read or stored. */
            leftOut: number;
            /** @description The latest first. */
            items: components["schemas"]["PageAnswer"][];
            /** @description Path of the next page; null on the last one. */
            next: string | null;
        };
        ConnectionCounts: {
            /** Format: uuid */
            connectionId: string;
            /** @description Pages that the destination has accepted and that are not resolved. */
            open: number;
            /** @description Pages that the destination has not accepted yet. */
            waiting: number;
            /** Format: date-time */
            lastAcceptedAt: string | null;
        };
        CountsAnswer: {
            /**
             * Format: date-time
             * @description What is older is not kept.
             */
            keptSince: string;
            /**
             * Format: date-time
             * @description Everything that was written before is stored; null until the topics have been read once.
             */
            asOf: string | null;
            /** @description The partitions that are not stored to their end, at most 50. */
            lag: components["schemas"]["Lag"][];
            /** @description Records of this time that could not be read or stored. */
            leftOut: number;
            /** @description The connections with pages that are kept. */
            items: components["schemas"]["ConnectionCounts"][];
        };
        LetterPlace: {
            topic: string;
            partition: number;
            offset: number;
        };
        DeadLetterAnswer: {
            topic: string;
            partition: number;
            offset: number;
            /** @description Of the original. */
            of: components["schemas"]["LetterPlace"];
            /** Format: date-time */
            at: string;
            /** @description Key of its alert; null: its record does not say. */
            alertKey: string | null;
            /** @description Title of the alert. */
            title: string;
            reason: string;
            /** @description The reason in a sentence. */
            detail: string;
            /** @description What removes the cause. */
            cure: string;
            /** @description The command that previews its replay. */
            command: string;
        };
        DeadLetterList: {
            /**
             * Format: date-time
             * @description What is older is not kept.
             */
            keptSince: string;
            /**
             * Format: date-time
             * @description Everything that was written before is stored; null until the topics have been read once.
             */
            asOf: string | null;
            /** @description The partitions that are not stored to their end, at most 50. */
            lag: components["schemas"]["Lag"][];
            /** @description Records of this time that could not be read or stored. */
            leftOut: number;
            /** @description The latest first. */
            items: components["schemas"]["DeadLetterAnswer"][];
            /** @description Whether page-history sends letters of this list again. */
            replay: boolean;
            /** @description Path of the next page; null on the last one. */
            next: string | null;
        };
        ChosenLetter: {
            /** @example paging.page-commands.v1.dead */
            topic: string;
            partition: number;
            offset: number;
        };
        Choice: {
            letters: components["schemas"]["ChosenLetter"][];
        };
        LetterVerdict: {
            topic: string;
            partition: number;
            offset: number;
            /**
             * @description `replay`: a replay sends it; `sent`: it was sent; `refused`: Kafka never takes it; `lost`: its topic does not have it any more; otherwise why it is not sent.
             * @enum {string}
             */
            verdict: "replay" | "sent" | "refused" | "lost" | "replayed" | "unreadable" | "stub" | "batch" | "too-old" | "recovered" | "collapsed" | "not-given-up";
            /**
             * @description What becomes of it, by the ledger as it is now.
             * @enum {string}
             */
            becomes?: "routed" | "page" | "joined" | "resolve" | "refused";
            /** @description What becomes of it, or why it is not sent, in a sentence. */
            why: string;
        };
        ReplayAnswer: {
            /** @description In the order of the request. */
            letters: components["schemas"]["LetterVerdict"][];
        };
        AnswerOfTrace: {
            /** @enum {string} */
            kind: "paged" | "waiting" | "not-paged" | "unknown";
            /** @example Paged core-infra (globex-eu) after 84 ms. */
            sentence: string;
            /** @description What to do, in sentences, if anything helps. */
            cure?: string;
        };
        TraceAnswer: {
            /**
             * Format: date-time
             * @description What is older is not kept.
             */
            keptSince: string;
            /**
             * Format: date-time
             * @description Everything that was written before is stored; null until the topics have been read once.
             */
            asOf: string | null;
            /** @description The partitions that are not stored to their end, at most 50. */
            lag: components["schemas"]["Lag"][];
            /** @description Records of this time that could not be read or stored. */
            leftOut: number;
            sourceOrg: string;
            alertKey: string;
            /** @description Title of its last trigger. */
            title: string;
            answer: components["schemas"]["AnswerOfTrace"];
            /** @description Its triggers and recoveries, the earliest first: each with its handles, their pages and a verdict. A record is named as `{ hop }`, its index in `hops`. */
            events: Record<string, never>[];
            /** @description All records about it in order, each with topic, partition, offset, time (`at`) and what it says. */
            hops: Record<string, never>[];
            /** @description What is missing, and why; empty if the trace is complete. */
            missing: string[];
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
            code: "answer-takes-too-long" | "bad-request" | "bad-signature" | "body-too-large" | "database-unavailable" | "dead-letter-unknown" | "dead-letters-too-large" | "expired" | "internal-error" | "invalid-request" | "issuer-unreachable" | "kafka-unavailable" | "malformed" | "method-not-allowed" | "missing-permission" | "no-token" | "not-found" | "not-yet-valid" | "page-unknown" | "policy-unusable" | "replay-busy" | "replay-late" | "replay-off" | "replay-unfinished" | "revoked" | "tokens-off" | "tokens-stale" | "too-many-questions" | "too-many-streams" | "unknown-issuer" | "unknown-token" | "unsupported-media-type" | "wrong-audience" | "wrong-type";
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
    AlertsController_listAlerts: {
        parameters: {
            query?: {
                /** @description RFC 3339: only what happened at this time or later. */
                from?: string;
                /** @description RFC 3339: only what happened before. */
                to?: string;
                /** @description The maximum number of items to return. */
                limit?: number;
                /** @description From the `next` link of the previous page. */
                cursor?: string;
                /** @description Waiting: its destination has not accepted it yet. Unrouted: it became no page. Late: it became one after all. */
                state?: "waiting" | "unrouted" | "late" | "delivered" | "joined" | "undeliverable" | "resolved" | "unresolved" | "superseded";
                /** @description RFC 3339: only open pages that were accepted before this time and that nobody has taken. */
                untakenSince?: string;
                /** @description As mentioned, with `@oncall-`. */
                handle?: string;
                /** @description Id of a connection. */
                connection?: string;
                /** @description A text in the key, the title or the message of the alert; with other filters in its key or title. Of at most 7 days; without `from`, of 24 hours. */
                q?: string;
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertList"];
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
            /** @description Reading takes too long. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "answer-takes-too-long";
                    };
                };
            };
            /** @description Too many searches and traces. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "too-many-questions";
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
    AlertsController_listPages: {
        parameters: {
            query?: {
                /** @description RFC 3339: only what happened at this time or later. */
                from?: string;
                /** @description RFC 3339: only what happened before. */
                to?: string;
                /** @description The maximum number of items to return. */
                limit?: number;
                /** @description From the `next` link of the previous page. */
                cursor?: string;
                /** @description Waiting: its destination has not accepted it yet. Unrouted: it became no page. Late: it became one after all. */
                state?: "waiting" | "unrouted" | "late" | "delivered" | "joined" | "undeliverable" | "resolved" | "unresolved" | "superseded";
                /** @description RFC 3339: only open pages that were accepted before this time and that nobody has taken. */
                untakenSince?: string;
                /** @description As mentioned, with `@oncall-`. */
                handle?: string;
                /** @description Id of a connection. */
                connection?: string;
                /** @description A text in the key, the title or the message of the alert; with other filters in its key or title. Of at most 7 days; without `from`, of 24 hours. */
                q?: string;
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PageList"];
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
            /** @description Reading takes too long. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "answer-takes-too-long";
                    };
                };
            };
            /** @description Too many searches and traces. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "too-many-questions";
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
    CountsController_count: {
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountsAnswer"];
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
    DeadLettersController_ofOrg: {
        parameters: {
            query?: {
                /** @description RFC 3339: only what happened at this time or later. */
                from?: string;
                /** @description RFC 3339: only what happened before. */
                to?: string;
                /** @description The maximum number of items to return. */
                limit?: number;
                /** @description From the `next` link of the previous page. */
                cursor?: string;
                /** @description Topic of the originals. */
                topic?: string;
                reason?: string;
                /** @description Of the dead letter itself. */
                partition?: number;
                /** @description Of the dead letter itself. */
                offset?: number;
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeadLetterList"];
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
    DeadLettersController_ofNobody: {
        parameters: {
            query?: {
                /** @description RFC 3339: only what happened at this time or later. */
                from?: string;
                /** @description RFC 3339: only what happened before. */
                to?: string;
                /** @description The maximum number of items to return. */
                limit?: number;
                /** @description From the `next` link of the previous page. */
                cursor?: string;
                /** @description Topic of the originals. */
                topic?: string;
                reason?: string;
                /** @description Of the dead letter itself. */
                partition?: number;
                /** @description Of the dead letter itself. */
                offset?: number;
            };
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
                    "application/json": components["schemas"]["DeadLetterList"];
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
    EventsController_stream: {
        parameters: {
            query?: {
                /** @description Id of the last event that was seen; default: the latest one. `Last-Event-ID` means the same. */
                after?: string;
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
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
            /** @description Too many streams. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "too-many-streams";
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
    ReplaysController_preview: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Choice"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayAnswer"];
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
            /** @description Dead letter unknown. Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "dead-letter-unknown" | "not-found";
                    };
                };
            };
            /** @description Dead letters are not sent again here. Too much at once. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "replay-off" | "dead-letters-too-large";
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
            /** @description Another preview or replay runs. Kafka could not be read in time. Kafka does not answer. The database cannot be used. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "replay-busy" | "replay-late" | "kafka-unavailable" | "database-unavailable" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ReplaysController_replay: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Choice"];
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayAnswer"];
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
            /** @description Dead letter unknown. Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "dead-letter-unknown" | "not-found";
                    };
                };
            };
            /** @description Dead letters are not sent again here. Too much at once. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "replay-off" | "dead-letters-too-large";
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
            /** @description Another preview or replay runs. Kafka could not be read in time. Kafka does not answer. The database cannot be used. Some dead letters may have been sent. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "replay-busy" | "replay-late" | "kafka-unavailable" | "database-unavailable" | "replay-unfinished" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    TracesController_read: {
        parameters: {
            query?: {
                /** @description The key of the alert, as its source names it. */
                alertKey?: string;
                /** @description Instead: a page of the alert, by the id of Pagebridge or of the destination. */
                page?: string;
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
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceAnswer"];
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
            /** @description Page unknown. Not Found. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "page-unknown" | "not-found";
                    };
                };
            };
            /** @description Too many searches and traces. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "too-many-questions";
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
