export interface paths {
    "/v1/intake/alertmanager": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a webhook of Prometheus Alertmanager */
        post: operations["AlertmanagerController_receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intake/cloudevents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take alert events as CloudEvents: one, a batch, or data with `ce-*` headers */
        post: operations["CloudEventsController_receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intake/datadog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a webhook of Datadog, with the payload of its how-to page */
        post: operations["DatadogController_receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intake/grafana": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Take a webhook of Grafana Alerting */
        put: operations["GrafanaController_replace"];
        /** Take a webhook of Grafana Alerting */
        post: operations["GrafanaController_receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v2/enqueue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an event of PagerDuty's Events API v2; its routing key is the token, and problems have the form of that API */
        post: operations["PagerDutyController_receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/intake/alerts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take an alert in plain JSON, or a list of up to a hundred */
        post: operations["PlainAlertsController_receive"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/test-pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Page the team of a handle for a test: it wakes whoever is on call
         * @description An alert with a title, a tag and a key of its own, which goes the whole way of any alert: a handle that nobody has pages the fallback of the org.
         */
        post: operations["TestPagesController_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/source-orgs/{org}/test-pages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Resolve a test page; after ten minutes it is resolved by itself */
        delete: operations["TestPagesController_resolve"];
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
        RefusedPart: {
            /** @example alerts.3 */
            place: string;
            /** @example status is neither firing nor resolved */
            reason: string;
        };
        Taken: {
            /** @description Events that every in-sync replica of Kafka has. */
            published: number;
            /** @description Alerts that said nothing new, or that nobody is to be paged for. */
            unchanged: number;
            /** @description Published events that page nobody, since neither the alert nor the integration names a handle. */
            withoutHandle: number;
            /** @description Alerts that could not be read; kept in `paging.refused-alerts.v1`. */
            refused: components["schemas"]["RefusedPart"][];
        };
        TestPageRequest: {
            /**
             * @description The handle that is paged, qualified by the slug of its connection if several teams have it.
             * @example @oncall-globex-eu/core-infra
             */
            handle: string;
        };
        TestPageAnswer: {
            /** Format: uuid */
            id: string;
            /** @description The key of its alert, as for a trace. */
            alertKey: string;
            /** Format: date-time */
            sentAt: string;
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
            code: "bad-request" | "bad-signature" | "body-incomplete" | "body-too-large" | "expired" | "foreign-source-org" | "integration-gone" | "internal-error" | "invalid-request" | "issuer-unreachable" | "kafka-away" | "malformed" | "method-not-allowed" | "missing-permission" | "no-integration" | "no-token" | "not-found" | "not-ready" | "not-understood" | "not-yet-valid" | "overloaded" | "policy-unusable" | "revoked" | "tokens-off" | "tokens-stale" | "too-many-requests" | "too-many-test-pages" | "unknown-issuer" | "unknown-token" | "unsupported-media-type" | "wrong-audience" | "wrong-kind" | "wrong-type";
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
    AlertmanagerController_receive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Kafka has all of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Taken"];
                };
            };
            /** @description The alert cannot be understood. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-understood" | "bad-request" | "invalid-request";
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
            /** @description The token is not of an integration. The integration is of another kind. The integration was deleted. A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-integration" | "wrong-kind" | "integration-gone" | "missing-permission";
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
            /** @description Not ready. The body did not arrive in time. Too much at once. Kafka has not confirmed the alert. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "body-incomplete" | "overloaded" | "kafka-away" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    CloudEventsController_receive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The alert cannot be understood. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-understood" | "bad-request" | "invalid-request";
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
            /** @description The token is not of an integration. The integration is of another kind. The integration was deleted. The alert names another source org. A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-integration" | "wrong-kind" | "integration-gone" | "foreign-source-org" | "missing-permission";
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
            /** @description Too much at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "too-many-requests";
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
            /** @description Not ready. The body did not arrive in time. Too much at once. Kafka has not confirmed the alert. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "body-incomplete" | "overloaded" | "kafka-away" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    DatadogController_receive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Kafka has all of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Taken"];
                };
            };
            /** @description The alert cannot be understood. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-understood" | "bad-request" | "invalid-request";
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
            /** @description The token is not of an integration. The integration is of another kind. The integration was deleted. A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-integration" | "wrong-kind" | "integration-gone" | "missing-permission";
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
            /** @description Not ready. The body did not arrive in time. Too much at once. Kafka has not confirmed the alert. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "body-incomplete" | "overloaded" | "kafka-away" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    GrafanaController_replace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Kafka has all of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Taken"];
                };
            };
            /** @description The alert cannot be understood. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-understood" | "bad-request" | "invalid-request";
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
            /** @description The token is not of an integration. The integration is of another kind. The integration was deleted. A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-integration" | "wrong-kind" | "integration-gone" | "missing-permission";
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
            /** @description Not ready. The body did not arrive in time. Too much at once. Kafka has not confirmed the alert. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "body-incomplete" | "overloaded" | "kafka-away" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    GrafanaController_receive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Kafka has all of it. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Taken"];
                };
            };
            /** @description The alert cannot be understood. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-understood" | "bad-request" | "invalid-request";
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
            /** @description The token is not of an integration. The integration is of another kind. The integration was deleted. A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-integration" | "wrong-kind" | "integration-gone" | "missing-permission";
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
            /** @description Not ready. The body did not arrive in time. Too much at once. Kafka has not confirmed the alert. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "body-incomplete" | "overloaded" | "kafka-away" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    PagerDutyController_receive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The alert cannot be understood. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-understood" | "bad-request" | "invalid-request";
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
            /** @description The token is not of an integration. The integration is of another kind. The integration was deleted. A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-integration" | "wrong-kind" | "integration-gone" | "missing-permission";
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
            /** @description Too much at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "too-many-requests";
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
            /** @description Not ready. The body did not arrive in time. Too much at once. Kafka has not confirmed the alert. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "body-incomplete" | "overloaded" | "kafka-away" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    PlainAlertsController_receive: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Kafka has all of it. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Taken"];
                };
            };
            /** @description The alert cannot be understood. Bad Request. Invalid request. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-understood" | "bad-request" | "invalid-request";
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
            /** @description The token is not of an integration. The integration is of another kind. The integration was deleted. A permission is missing. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "no-integration" | "wrong-kind" | "integration-gone" | "missing-permission";
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
            /** @description Too much at once. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "too-many-requests";
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
            /** @description Not ready. The body did not arrive in time. Too much at once. Kafka has not confirmed the alert. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "body-incomplete" | "overloaded" | "kafka-away" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    TestPagesController_send: {
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
                "application/json": components["schemas"]["TestPageRequest"];
            };
        };
        responses: {
            /** @description Kafka has it. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TestPageAnswer"];
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
            /** @description Too many test pages. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "too-many-test-pages";
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
            /** @description Not ready. Kafka has not confirmed the alert. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "kafka-away" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
                    };
                };
            };
        };
    };
    TestPagesController_resolve: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The source org. */
                org: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Kafka has its recovery. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
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
            /** @description Not ready. Kafka has not confirmed the alert. Tokens cannot be checked. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemAnswer"] & {
                        /** @enum {string} */
                        code?: "not-ready" | "kafka-away" | "issuer-unreachable" | "policy-unusable" | "tokens-stale";
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
