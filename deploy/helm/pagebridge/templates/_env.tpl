{{- /* The variables for the address of Kafka and the login. Takes (dict "root" $ "who" "page-routing"). */ -}}
{{- define "pagebridge.kafkaEnv" -}}
{{- with .root.Values.kafka -}}
- { name: KAFKA_BROKERS, value: {{ .brokers | quote }} }
- { name: KAFKA_TLS, value: {{ ternary "on" "off" .tls.enabled | quote }} }
{{- if and .tls.enabled .tls.caSecret }}
- { name: KAFKA_TLS_CA_FILE, value: {{ printf "/etc/pagebridge/kafka-ca/%s" .tls.caKey }} }
{{- end }}
{{- if .tls.clientCertificates }}
- { name: KAFKA_TLS_CERT_FILE, value: {{ printf "/etc/pagebridge/kafka-user/%s" .secretKeys.certificate }} }
- { name: KAFKA_TLS_KEY_FILE, value: {{ printf "/etc/pagebridge/kafka-user/%s" .secretKeys.privateKey }} }
{{- end }}
{{- with .sasl.mechanism }}
- { name: KAFKA_SASL_MECHANISM, value: {{ . }} }
{{- end }}
{{- if eq .sasl.mechanism "oauthbearer" }}
- { name: KAFKA_SASL_OAUTH_TOKEN_ENDPOINT, value: {{ .sasl.oauthTokenEndpoint | quote }} }
- { name: KAFKA_SASL_OAUTH_CLIENT_ID, value: {{ include "pagebridge.kafkaUsername" $ | quote }} }
- { name: KAFKA_SASL_OAUTH_CLIENT_SECRET_FILE, value: {{ printf "/etc/pagebridge/kafka-user/%s" .secretKeys.clientSecret }} }
{{- with .sasl.oauthScope }}
- { name: KAFKA_SASL_OAUTH_SCOPE, value: {{ . | quote }} }
{{- end }}
{{- else if .sasl.mechanism }}
- { name: KAFKA_SASL_USERNAME, value: {{ include "pagebridge.kafkaUsername" $ | quote }} }
- { name: KAFKA_SASL_PASSWORD_FILE, value: {{ printf "/etc/pagebridge/kafka-user/%s" .secretKeys.password }} }
{{- end }}
{{- end }}
{{- end }}

{{- /* The variables for dead-letter replay as the Kafka user dead-letters. A preview uses the reopen age of page-delivery. */ -}}
{{- define "pagebridge.replayEnv" -}}
{{- $user := include "pagebridge.kafkaUsername" (dict "root" .root "who" "dead-letters") }}
{{- $folder := "/etc/pagebridge/kafka-dead-letters" }}
- { name: DEAD_LETTER_REPLAY, value: "on" }
{{- with .root.Values.kafka }}
{{- if .tls.clientCertificates }}
- { name: DEAD_LETTERS_KAFKA_TLS_CERT_FILE, value: {{ printf "%s/%s" $folder .secretKeys.certificate }} }
- { name: DEAD_LETTERS_KAFKA_TLS_KEY_FILE, value: {{ printf "%s/%s" $folder .secretKeys.privateKey }} }
{{- end }}
{{- if eq .sasl.mechanism "oauthbearer" }}
- { name: DEAD_LETTERS_KAFKA_SASL_OAUTH_CLIENT_ID, value: {{ $user | quote }} }
- { name: DEAD_LETTERS_KAFKA_SASL_OAUTH_CLIENT_SECRET_FILE, value: {{ printf "%s/%s" $folder .secretKeys.clientSecret }} }
{{- else if .sasl.mechanism }}
- { name: DEAD_LETTERS_KAFKA_SASL_USERNAME, value: {{ $user | quote }} }
- { name: DEAD_LETTERS_KAFKA_SASL_PASSWORD_FILE, value: {{ printf "%s/%s" $folder .secretKeys.password }} }
{{- end }}
{{- end }}
{{- $delivery := (index .root.Values.services "page-delivery").config }}
{{- if and (hasKey $delivery "PAGE_REOPEN_AFTER_MINUTES") (not (hasKey .service.config "PAGE_REOPEN_AFTER_MINUTES")) }}
- { name: PAGE_REOPEN_AFTER_MINUTES, value: {{ $delivery.PAGE_REOPEN_AFTER_MINUTES | toJson | quote }} }
{{- end }}
{{- end }}

{{- define "pagebridge.databaseEnv" -}}
{{- $isMigration := eq "true" (include "pagebridge.isMigration" .who) }}
{{- with include "pagebridge.database" . | fromYaml }}
{{- $file := printf "/etc/pagebridge/database/%s" (include "pagebridge.databaseKey" $) }}
{{- if .url }}
- { name: DATABASE_URL, value: {{ ternary (default .url .migrationUrl) .url $isMigration | quote }} }
- { name: DATABASE_PASSWORD_FILE, value: {{ $file }} }
{{- else }}
- { name: DATABASE_URL_FILE, value: {{ $file }} }
{{- end }}
{{- if and .serviceUser $isMigration }}
- { name: DATABASE_SERVICE_USER, value: {{ .serviceUser | quote }} }
{{- end }}
- { name: DATABASE_TLS, value: {{ ternary "on" "off" .tls.enabled | quote }} }
{{- if and .tls.enabled .tls.caSecret }}
- { name: DATABASE_TLS_CA_FILE, value: /etc/pagebridge/database-ca/ca.crt }
{{- end }}
{{- if and .tls.enabled .tls.clientSecret }}
- { name: DATABASE_TLS_CERT_FILE, value: /etc/pagebridge/database-client/tls.crt }
- { name: DATABASE_TLS_KEY_FILE, value: /etc/pagebridge/database-client/tls.key }
{{- end }}
{{- end }}
{{- end }}

{{- define "pagebridge.consoleEnv" -}}
{{- with .root.Values.console -}}
- { name: PUBLIC_URL, value: {{ .publicUrl | quote }} }
- { name: OIDC_ISSUER, value: {{ .oidc.issuer | quote }} }
- { name: OIDC_CLIENT_ID, value: {{ .oidc.clientId | quote }} }
{{- if .oidc.existingSecret }}
- { name: OIDC_CLIENT_SECRET_FILE, value: {{ printf "/etc/pagebridge/oidc-client/%s" .oidc.key }} }
{{- end }}
- { name: SESSION_KEYS_FILE, value: {{ printf "/etc/pagebridge/session-keys/%s" .sessionKeys.key }} }
{{- end }}
{{- range $called := include "pagebridge.shown" .root | fromYamlArray }}
- { name: {{ $called | upper | replace "-" "_" }}_URL, value: {{ printf "http://%s-%s" (include "pagebridge.fullname" $.root) $called }} }
{{- end }}
{{- end }}

{{- /* Whether this service or Job calls token issuers. Takes (dict "root" $ "who" "page-routing"). */ -}}
{{- define "pagebridge.callsIssuers" -}}
{{- $values := .root.Values -}}
{{- $checksTokens := and $values.access.enabled (or (eq .who "smoke-test") (include "pagebridge.checksTokens" .who)) -}}
{{- if or $checksTokens (eq .who "console-gateway") (and (not (include "pagebridge.isMigration" .who)) (eq $values.kafka.sasl.mechanism "oauthbearer")) }}true{{ end }}
{{- end }}

{{- /* Whether this service or Job makes calls through a proxy. */ -}}
{{- define "pagebridge.usesProxy" -}}
{{- $callsOut := or (has .who (list "connection-management" "handle-sync" "page-delivery")) (include "pagebridge.callsIssuers" .) -}}
{{- with .root.Values.proxy }}{{ if and $callsOut (or .url .existingSecret) }}true{{ end }}{{ end }}
{{- end }}

{{- define "pagebridge.proxyEnv" -}}
{{- if include "pagebridge.usesProxy" . }}
{{- with .root.Values.proxy }}
{{- if .url }}
- { name: HTTPS_PROXY, value: {{ .url | quote }} }
{{- else }}
- name: HTTPS_PROXY
  valueFrom: { secretKeyRef: { name: {{ .existingSecret }}, key: {{ .key }} } }
{{- end }}
- { name: NO_PROXY, value: {{ concat (list ".svc" ".cluster.local") .noProxy | join "," | quote }} }
{{- end }}
{{- end }}
{{- end }}

{{- /* The variables of a service. Takes (dict "root" $ "who" "page-routing" "service" .Values.services.page-routing). */ -}}
{{- define "pagebridge.serviceEnv" -}}
{{- $values := .root.Values -}}
- { name: NODE_OPTIONS, value: {{ include "pagebridge.nodeOptions" (dict "root" .root "resources" .service.resources) | quote }} }
- name: MANAGEMENT_HOST
  valueFrom: { fieldRef: { fieldPath: status.podIP } }
- { name: MANAGEMENT_PORT, value: {{ include "pagebridge.managementPort" .who | quote }} }
- { name: LOG_LEVEL, value: {{ $values.logLevel }} }
{{- if include "pagebridge.usesKafka" .who }}
- { name: START_WAIT_MS, value: {{ $values.startWaitMs | toJson | quote }} }
{{- end }}
- { name: STOP_TIMEOUT_MS, value: {{ $values.stopTimeoutMs | toJson | quote }} }
{{- if include "pagebridge.hasRoutes" .who }}
- { name: STOP_DELAY_MS, value: {{ $values.stopDelayMs | toJson | quote }} }
- { name: HOST, value: {{ $values.host | quote }} }
- { name: PORT, value: {{ include "pagebridge.callersPort" .who | quote }} }
{{- end }}
{{- if include "pagebridge.checksTokens" .who }}
{{- with $values.access }}
- { name: ACCESS, value: {{ ternary "on" "off" .enabled | quote }} }
{{- if .enabled }}
- { name: ACCESS_POLICY_FILE, value: {{ printf "/etc/pagebridge/access/%s" .key }} }
- { name: ACCESS_TOKENS, value: {{ ternary "on" "off" .tokens | quote }} }
{{- else if .offIsIntended }}
- { name: ACCESS_OFF_IS_INTENDED, value: "true" }
{{- end }}
{{- end }}
{{- end }}
{{- if include "pagebridge.usesKafka" .who }}
{{ include "pagebridge.kafkaEnv" . }}
{{- end }}
{{- if eq .who "console-gateway" }}
{{ include "pagebridge.consoleEnv" . }}
{{- else if eq .who "page-history" }}
{{ include "pagebridge.databaseEnv" . }}
{{- if .service.deadLetterReplay }}
{{- include "pagebridge.replayEnv" . }}
{{- end }}
{{- else if eq .who "connection-management" }}
{{ include "pagebridge.databaseEnv" . }}
- { name: CREDENTIALS_PUBLIC_KEY_FILE, value: {{ printf "/etc/pagebridge/sealing/%s" $values.sealing.publicKey.key }} }
{{- else if has .who (list "handle-sync" "page-delivery") }}
- { name: CREDENTIALS_PRIVATE_KEYS_FILE, value: {{ printf "/etc/pagebridge/sealing/%s" $values.sealing.privateKeys.key }} }
{{- end }}
{{- if include "pagebridge.usesSnapshotKeys" . }}
{{- with $values.pageHistory.snapshots }}
{{- if eq $.who "page-delivery" }}
- { name: SNAPSHOT_URL, value: {{ .url | quote }} }
{{- end }}
- { name: SNAPSHOT_KEYS_FILE, value: {{ printf "/etc/pagebridge/snapshot-keys/%s" .keys.key }} }
{{- end }}
{{- end }}
{{- if include "pagebridge.usesDataCenters" . }}
- { name: DATA_CENTERS_FILE, value: /etc/pagebridge/data-centers/data-centers.json }
{{- end }}
{{- if $values.extraCaSecret }}
- { name: NODE_EXTRA_CA_CERTS, value: /etc/pagebridge/extra-ca/ca.crt }
{{- end }}
{{- include "pagebridge.proxyEnv" . }}
{{- range $name, $value := .service.config }}
- { name: {{ $name }}, value: {{ ternary $value (toJson $value) (kindIs "string" $value) | quote }} }
{{- end }}
{{- with concat $values.extraEnv .service.extraEnv }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* No debugger on SIGUSR1. V8's old generation is limited, so that V8 collects garbage before the pod exceeds its memory limit. */ -}}
{{- define "pagebridge.nodeOptions" -}}
{{- printf "--disable-sigusr1 --max-old-space-size=%s %s" (include "pagebridge.heapMib" .) .root.Values.nodeOptions | trim }}
{{- end }}

{{- /* V8's old generation in MiB. Takes (dict "root" $ "resources" .resources). */ -}}
{{- define "pagebridge.heapMib" -}}
{{- div (mul (include "pagebridge.limitMib" .resources | int) (.root.Values.heapPercent | int)) 100 }}
{{- end }}

{{- /* The memory limit in MiB; the schema accepts only whole Mi and Gi. */ -}}
{{- define "pagebridge.limitMib" -}}
{{- $limit := .limits.memory -}}
{{- mul (regexFind "^[0-9]+" $limit | int) (ternary 1024 1 (hasSuffix "Gi" $limit)) }}
{{- end }}
