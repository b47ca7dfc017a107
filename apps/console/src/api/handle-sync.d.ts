export interface paths {
    "/v1/source-orgs/{org}/handles/changes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Handles that were added, removed or changed, the latest first, in pages */
        get: operations["ChangesController_find"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/handles": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Handles that begin with the query, then those that contain it; without a query all handles; in pages */
        get: operations["HandlesController_find"];
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
        ShownBy: {
            /** Format: uuid */
            connectionId: string;
            /** @example Globex EU */
            connectionName: string;
        };
        ListedChange: {
            /**
             * @description A `refreshed` team has another name, or one of its former handles expired; a `removed` team is no longer on call.
             * @enum {string}
             */
            kind: "added" | "renamed" | "refreshed" | "removed";
            /**
             * @description The text that mentions the team; for a removed team, the text that mentioned it.
             * @example @oncall-platform
             */
            handle: string;
            /** @example Platform */
            teamName: string;
            /**
             * @description The handle before a rename, which still works for the grace period; otherwise null.
             * @example @oncall-core-infra
             */
            from: string | null;
            /**
             * Format: date-time
             * @description When a sync found the change.
             */
            at: string;
            /** @description The enabled connections of the org that show this team, oldest first. */
            connections: components["schemas"]["ShownBy"][];
        };
        ChangeList: {
            /** @description The latest first; a change may be listed twice. */
            items: components["schemas"]["ListedChange"][];
            /** @description Path of the next page; null on the last one. */
            next: string | null;
        };
        OfferedHandle: {
            /**
             * @description The text that mentions the team.
             * @example @oncall-core-infra
             */
            handle: string;
            /**
             * @description The handle without @oncall-.
             * @example core-infra
             */
            teamHandle: string;
            /** @example Core Infra */
            teamName: string;
            /** Format: uuid */
            connectionId: string;
            /** @example Globex EU */
            connectionName: string;
            /**
             * @description The data center of the destination org.
             * @example EU1
             */
            dataCenter: string;
            /**
             * @description The text that mentions the team over this connection only.
             * @example @oncall-globex-eu/core-infra
             */
            qualifiedHandle: string;
            /** @description The plain handle may mean another team too, or pages another team; the qualified handle pages this team. */
            ambiguous: boolean;
            /**
             * Format: date-time
             * @description When all teams that this connection sees were last read completely; null before the first time.
             */
            lastCompleteSyncAt: string | null;
        };
        HandleList: {
            items: components["schemas"]["OfferedHandle"][];
            /** @description Path of the next page; null on the last one. */
            next: string | null;
            /** @description How many handles all pages have. */
            total: number;
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
            code: "bad-request" | "bad-signature" | "changes-not-read" | "expired" | "internal-error" | "invalid-request" | "issuer-unreachable" | "malformed" | "method-not-allowed" | "missing-permission" | "no-token" | "not-found" | "not-ready" | "not-yet-valid" | "policy-unusable" | "revoked" | "tokens-off" | "tokens-stale" | "unknown-issuer" | "unknown-token" | "wrong-audience" | "wrong-type";
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
    ChangesController_find: {
        parameters: {
            query?: {
                /** @description RFC 3339, at most 7 days ago; by default 24 hours ago. */
                since?: string;
                /** @description From the `next` link of the previous page. */
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
                    "application/json": components["schemas"]["ChangeList"];
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
            /** @description Not ready. Changes not read. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "changes-not-read" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    HandlesController_find: {
        parameters: {
            query?: {
                /** @description Part of a handle, with or without @oncall-. */
                query?: unknown;
                /** @description Only handles of this connection. */
                connection?: string;
                /** @description From the `next` link of the previous page. */
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
                    "application/json": components["schemas"]["HandleList"];
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
