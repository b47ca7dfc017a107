export interface paths {
    "/v1/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Explain how each handle of an alert would be routed, without sending anything */
        post: operations["ExplainController_explain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/conflicts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Handles with several contenders, and the qualified handle of each, in pages */
        get: operations["ConflictsController_list"];
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
        RefusalDto: {
            /** @example too-many-handles */
            reason: string;
            detail: string;
        };
        ConnectionDto: {
            /** Format: uuid */
            connectionId: string;
            /** @example Globex EU */
            name: string;
            /** @example globex-eu */
            slug: string;
            enabled: boolean;
        };
        TeamDto: {
            /** @description The team's id in its destination org. */
            teamId: string;
            /** @example core-infra */
            teamHandle: string;
        };
        ContenderDto: {
            /** Format: uuid */
            connectionId: string;
            /** @example Globex EU */
            connectionName: string;
            /** @description Whether the connection is enabled. If not, it keeps its claims but pages nobody. */
            enabled: boolean;
            /**
             * @description How the name matches this team; `qualified` means by the slug in it.
             * @enum {string}
             */
            matched: "exact" | "qualified" | "renamed";
            /** @description The team's id in its destination org. */
            teamId: string;
            /** @example core-infra */
            teamHandle: string;
            /**
             * @description The handle with the connection slug.
             * @example @oncall-globex-eu/core-infra
             */
            qualifiedHandle: string;
            /**
             * Format: date-time
             * @description Since when the team has the name, or its connection has the slug in the name; left out if the team was renamed since.
             */
            claimedAt?: string;
            /** @description Whether the name pages this team. */
            paged: boolean;
        };
        FailoverDto: {
            /** Format: uuid */
            connectionId: string;
            /** @example operations */
            teamHandle: string;
            /** @description Left out if the team of the backup was not found. */
            teamId?: string;
            afterFailures?: number;
            /** @description 120 if left out. */
            afterSeconds?: number;
            /** @enum {string} */
            reason?: "connection-unknown" | "connection-disabled" | "unknown-handle";
            /** @description Why the page has no backup, with the cure. */
            detail?: string;
        };
        NearestDto: {
            /** @example @oncall-core-infra */
            handle: string;
            /** @example core-infra */
            teamHandle: string;
            /** Format: uuid */
            connectionId: string;
        };
        OutputDto: {
            /** @example paging.page-commands.v1 */
            topic: string;
            /**
             * @description The alert identity.
             * @example acme-us/monitor-1234
             */
            key: string;
            /** @description CloudEvents id. */
            id: string;
            /** @description As described in the AsyncAPI document. */
            data: {
                [key: string]: unknown;
            };
        };
        ExplainedDecisionDto: {
            /** @enum {string} */
            kind: "page" | "same-page" | "unrouted" | "resolve";
            /**
             * @description The text after @oncall-.
             * @example core-infra.
             */
            mention?: string;
            /**
             * @description The names looked up for the mention, in order, up to the one that matched.
             * @example [
             *       "core-infra.",
             *       "core-infra"
             *     ]
             */
            namesTried?: string[];
            /**
             * @description `fallback`: no name matched, so the fallback is paged.
             * @enum {string}
             */
            matched?: "exact" | "qualified" | "renamed" | "fallback";
            /**
             * @description The name that matched, or that of the fallback.
             * @example core-infra
             */
            name?: string;
            connection?: components["schemas"]["ConnectionDto"];
            team?: components["schemas"]["TeamDto"];
            /** @description The teams that claim the name, in the order of their claims; left out if it is only one. */
            contenders?: components["schemas"]["ContenderDto"][];
            /** @description Why the first contender has the name. */
            why?: string;
            /** @description Paged if the page is not accepted in time. */
            failover?: components["schemas"]["FailoverDto"];
            /** @enum {string} */
            urgency?: "low" | "high";
            /** @description Always the same for the same event, connection and team. */
            pageId?: string;
            /** @enum {string} */
            reason?: "manual-origin" | "local" | "unknown-handle" | "registry-incomplete" | "connection-disabled";
            /** @description The reason as a sentence, with the cure. */
            detail?: string;
            nearest?: components["schemas"]["NearestDto"];
            /** @description Until when the handle would wait, and page late if it becomes known. */
            waitingUntil?: string;
            /** @description The event that page-routing would write. */
            wouldSend?: components["schemas"]["OutputDto"];
        };
        ExplanationDto: {
            /**
             * @description The alert identity.
             * @example acme-us/monitor-1234
             */
            alert: string;
            /** @description Set if the whole alert would be parked. */
            refused?: components["schemas"]["RefusalDto"];
            /** @description Why there is nothing to decide, with the cure. */
            note?: string;
            decisions: components["schemas"]["ExplainedDecisionDto"][];
            /** @description The directories in which the first unknown handle would be looked up, unless a look-up was requested there within `SYNC_REQUEST_GAP_SECONDS`. */
            wouldSync: string[];
        };
        ConflictDto: {
            /** @example @oncall-core-infra */
            handle: string;
            /** @example core-infra */
            teamHandle: string;
            /** @description The org declares the handle local, so that the plain handle pages no destination. */
            local: boolean;
            /** @description In the order of their claims; the first has the handle. */
            contenders: components["schemas"]["ContenderDto"][];
        };
        ConflictList: {
            items: components["schemas"]["ConflictDto"][];
            /** @description Path of the next page; null on the last page. A page may have few items, or none, and a next one: it also ends when 2,000 teams were looked at. */
            next: string | null;
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
            code: "bad-request" | "bad-signature" | "body-too-large" | "expired" | "internal-error" | "invalid-request" | "issuer-unreachable" | "malformed" | "method-not-allowed" | "missing-permission" | "no-token" | "not-found" | "not-ready" | "not-yet-valid" | "policy-unusable" | "revoked" | "tokens-off" | "tokens-stale" | "unknown-issuer" | "unknown-token" | "unsupported-media-type" | "wrong-audience" | "wrong-type";
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
    ExplainController_explain: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description An alert's data, or the whole CloudEvent; at most 64 KiB. */
        requestBody: {
            content: {
                "application/json": {
                    /** @description Org where the alert originates: 1 to 63 of `a-z 0-9 -`, no `-` at either end. */
                    sourceOrg: string;
                    /**
                     * Format: well-formed
                     * @description Identifies the alerting thing within its org, equal for trigger and recovery: 1 to 512 printable characters.
                     */
                    alertKey: string;
                    /**
                     * @description What happened to the alerting thing; `recovered` ends the alert.
                     * @enum {string}
                     */
                    transition: "triggered" | "retriggered" | "renotified" | "warned" | "no-data" | "recovered";
                    /**
                     * @description Source of the alert; `manual` is refused, since only automated alerts page across orgs.
                     * @enum {string}
                     */
                    origin: "monitor" | "incident-rule" | "manual";
                    /** @description One line. */
                    title: string;
                    /** @description Rendered text, with its `@oncall-` handles. */
                    message: string;
                    /**
                     * @description P4 and P5 page with low urgency.
                     * @enum {string}
                     */
                    priority?: "P1" | "P2" | "P3" | "P4" | "P5";
                    /** @description Tags as `key:value`. */
                    tags?: string[];
                    /** @description Links into the source org. */
                    links?: {
                        title: string;
                        /**
                         * Format: uri
                         * @description An http(s) URL.
                         */
                        url: string;
                    }[];
                    /**
                     * Format: date-time
                     * @description Time of the transition at the source; determines the order of the events of one alert.
                     */
                    occurredAt: string;
                    /** @description Handles without `@`, as in notification rules: `oncall-core-infra`. */
                    recipients?: string[];
                };
            };
        };
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExplanationDto"];
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
            /** @description Not ready. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    ConflictsController_list: {
        parameters: {
            query?: {
                /** @description From the `next` link of the previous page: the handle after which this one begins. */
                cursor?: string;
                /** @description The maximum number of items to return. */
                limit?: number;
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
                    "application/json": components["schemas"]["ConflictList"];
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
            /** @description Not ready. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
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
