{{- /*
The files of a service or Job, as a list of {name, path, secret or configMap, keys, optional}. Takes (dict "root" $ "who" "page-routing"). Each
is mounted as a separate folder under /etc/pagebridge, because Kubernetes never updates a file mounted by subPath.
*/ -}}
{{- define "pagebridge.files" -}}
{{- $values := .root.Values -}}
{{- $who := .who -}}
{{- $usesKafka := include "pagebridge.usesKafka" $who -}}
{{- with $values.kafka }}
{{- if and $usesKafka .tls.enabled .tls.caSecret }}
- { name: kafka-ca, path: /etc/pagebridge/kafka-ca, secret: {{ .tls.caSecret }}, keys: [{{ .tls.caKey }}] }
{{- end }}
{{- $keys := list }}
{{- if .sasl.mechanism }}{{ $keys = append $keys (ternary .secretKeys.clientSecret .secretKeys.password (eq .sasl.mechanism "oauthbearer")) }}{{ end }}
{{- if .tls.clientCertificates }}{{ $keys = concat $keys (list .secretKeys.certificate .secretKeys.privateKey) }}{{ end }}
{{- if and $usesKafka $keys }}
- { name: kafka-user, path: /etc/pagebridge/kafka-user, secret: {{ include "pagebridge.kafkaSecret" $ }}, keys: [{{ join ", " $keys }}] }
{{- end }}
{{- if and (eq $who "page-history") $values.pageHistory.deadLetterReplay $keys }}
- { name: kafka-dead-letters, path: /etc/pagebridge/kafka-dead-letters, secret: {{ include "pagebridge.kafkaSecret" (dict "root" $.root "who" "dead-letters") }}, keys: [{{ join ", " $keys }}] }
{{- end }}
{{- end }}
{{- with include "pagebridge.database" . | fromYaml }}
- { name: database, path: /etc/pagebridge/database, secret: {{ .existingSecret }}, keys: [{{ include "pagebridge.databaseKey" $ }}] }
{{- if and .tls.enabled .tls.caSecret }}
- { name: database-ca, path: /etc/pagebridge/database-ca, secret: {{ .tls.caSecret }}, keys: [ca.crt] }
{{- end }}
{{- if and .tls.enabled .tls.clientSecret }}
- { name: database-client, path: /etc/pagebridge/database-client, secret: {{ .tls.clientSecret }}, keys: [tls.crt, tls.key] }
{{- end }}
{{- end }}
{{- if eq $who "connection-management" }}
- { name: sealing, path: /etc/pagebridge/sealing, secret: {{ $values.sealing.publicKey.existingSecret }}, keys: [{{ $values.sealing.publicKey.key }}] }
{{- else if has $who (list "handle-sync" "page-delivery") }}
- { name: sealing, path: /etc/pagebridge/sealing, secret: {{ $values.sealing.privateKeys.existingSecret }}, keys: [{{ $values.sealing.privateKeys.key }}] }
{{- end }}
{{- if eq $who "console-gateway" }}
{{- with $values.console }}
{{- if .oidc.existingSecret }}
- { name: oidc-client, path: /etc/pagebridge/oidc-client, secret: {{ .oidc.existingSecret }}, keys: [{{ .oidc.key }}] }
{{- end }}
- { name: session-keys, path: /etc/pagebridge/session-keys, secret: {{ .sessionKeys.existingSecret }}, keys: [{{ .sessionKeys.key }}] }
{{- end }}
{{- end }}
{{- if include "pagebridge.usesSnapshotKeys" . }}
{{- with $values.pageHistory.snapshots.keys }}
- { name: snapshot-keys, path: /etc/pagebridge/snapshot-keys, secret: {{ .existingSecret }}, keys: [{{ .key }}] }
{{- end }}
{{- end }}
{{- if and $values.access.enabled (include "pagebridge.checksTokens" $who) }}
- { name: access, path: /etc/pagebridge/access, configMap: {{ include "pagebridge.policyConfigMap" .root }}, keys: [{{ $values.access.key }}] }
{{- end }}
{{- if include "pagebridge.usesDataCenters" . }}
- { name: data-centers, path: /etc/pagebridge/data-centers, configMap: {{ include "pagebridge.fullname" .root }}-data-centers, keys: [data-centers.json] }
{{- end }}
{{- if $values.extraCaSecret }}
{{- /* A Job that requests no token runs without these CAs if the chart has not created their Secret yet. */}}
{{- $isOptional := or (include "pagebridge.isMigration" $who) (and (eq $who "topics") (ne $values.kafka.sasl.mechanism "oauthbearer")) }}
- { name: extra-ca, path: /etc/pagebridge/extra-ca, secret: {{ $values.extraCaSecret }}, keys: [ca.crt], optional: {{ $isOptional }} }
{{- end }}
{{- end }}

{{- define "pagebridge.usesDataCenters" -}}
{{- if and (include "pagebridge.dataCenters" .root) (has .who (list "connection-management" "handle-sync" "page-delivery")) }}true{{ end }}
{{- end }}

{{- /* The key with the URL or the password of the database; the migration may have a key of its own. */ -}}
{{- define "pagebridge.databaseKey" -}}
{{- with include "pagebridge.database" . | fromYaml }}
{{- $key := ternary .passwordKey .urlKey (ne .url "") }}
{{- $ofMigration := ternary .migrationPasswordKey .migrationUrlKey (ne .url "") }}
{{- ternary (default $key $ofMigration) $key (eq "true" (include "pagebridge.isMigration" $.who)) }}
{{- end }}
{{- end }}

{{- define "pagebridge.volumes" -}}
{{- range include "pagebridge.files" . | fromYamlArray }}
- name: {{ .name }}
  {{- if .secret }}
  secret:
    secretName: {{ .secret }}
    defaultMode: 0440
    {{- if .optional }}
    optional: true
    {{- end }}
  {{- else }}
  configMap:
    name: {{ .configMap }}
  {{- end }}
    items:
    {{- range .keys }}
      - { key: {{ . }}, path: {{ . }} }
    {{- end }}
{{- end }}
{{- with and .service .root.Values.extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "pagebridge.volumeMounts" -}}
{{- range include "pagebridge.files" . | fromYamlArray }}
- { name: {{ .name }}, mountPath: {{ .path }}, readOnly: true }
{{- end }}
{{- with and .service .root.Values.extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end }}
