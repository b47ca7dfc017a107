{{- /* Names and labels. Selectors have only name, instance and component: they never change, so that an upgrade never has to delete an object. */ -}}

{{- define "pagebridge.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- /* At most 40 characters, because the longest suffix is "-connection-management". */ -}}
{{- define "pagebridge.fullname" -}}
{{- $name := include "pagebridge.name" . }}
{{- $full := ternary .Release.Name (printf "%s-%s" .Release.Name $name) (contains $name .Release.Name) }}
{{- default $full .Values.fullnameOverride | trunc 40 | trimSuffix "-" }}
{{- end }}

{{- /* Takes (dict "root" $ "component" "page-routing"). */ -}}
{{- define "pagebridge.selectorLabels" -}}
app.kubernetes.io/name: {{ include "pagebridge.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{- define "pagebridge.labels" -}}
{{ include "pagebridge.selectorLabels" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: pagebridge
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- with .root.Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- define "pagebridge.image" -}}
{{- with .Values.image -}}
{{- $name := ternary (printf "%s/%s" .registry .repository) .repository (ne .registry "") -}}
{{- ternary (printf "%s@%s" $name .digest) (printf "%s:%s" $name (default $.Chart.AppVersion .tag)) (ne .digest "") -}}
{{- end }}
{{- end }}

{{- define "pagebridge.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "pagebridge.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- /* The name of the ConfigMap with the access policy. */ -}}
{{- define "pagebridge.policyConfigMap" -}}
{{- default (printf "%s-access" (include "pagebridge.fullname" .)) .Values.access.existingConfigMap }}
{{- end }}

{{- /* The Secret with the login of a Kafka user. Takes (dict "root" $ "who" "page-routing"). Strimzi names it after the user. */ -}}
{{- define "pagebridge.kafkaSecret" -}}
{{- $user := index .root.Values.kafka.users .who }}
{{- default (ternary (include "pagebridge.kafkaUsername" .) "" .root.Values.strimzi.users.enabled) $user.existingSecret }}
{{- end }}

{{- define "pagebridge.kafkaUsername" -}}
{{- default .who (index .root.Values.kafka.users .who).username }}
{{- end }}

{{- /*
The services to deploy by name, as YAML: those of `services`, alert-intake, page-history, and the console gateway with the host of its URL.
*/ -}}
{{- define "pagebridge.services" -}}
{{- $services := .Values.services }}
{{- with .Values.intake }}
{{- if .enabled }}{{ $services = merge (dict "alert-intake" .) $services }}{{ end }}
{{- end }}
{{- with .Values.pageHistory }}
{{- if .enabled }}{{ $services = merge (dict "page-history" .) $services }}{{ end }}
{{- end }}
{{- with .Values.console }}
{{- if .enabled }}
{{- $hosts := ternary (list (get (urlParse .publicUrl) "hostname")) (list) (hasPrefix "https:" .publicUrl) }}
{{- $services = merge (dict "console-gateway" (merge (dict "hosts" $hosts) .)) $services }}
{{- end }}
{{- end }}
{{- toYaml $services }}
{{- end }}

{{- /* Whether this service has routes for callers: every service except page-delivery. */ -}}
{{- define "pagebridge.hasRoutes" -}}
{{- ternary "" "true" (eq . "page-delivery") }}
{{- end }}

{{- /* Whether this service checks the tokens of its callers by the policy. The console gateway forwards them. */ -}}
{{- define "pagebridge.checksTokens" -}}
{{- ternary "true" "" (has . (list "connection-management" "handle-sync" "page-routing" "page-history" "alert-intake")) }}
{{- end }}

{{- /* Whether this service or Job is a client of Kafka. */ -}}
{{- define "pagebridge.usesKafka" -}}
{{- ternary "" "true" (has . (list "migrations" "history-migrations" "console-gateway")) }}
{{- end }}

{{- /* The Jobs that create and change tables, by name, as YAML. */ -}}
{{- define "pagebridge.migrations" -}}
{{- $jobs := list }}
{{- if .Values.migrations.enabled }}
{{- $jobs = append $jobs "migrations" }}
{{- if .Values.pageHistory.enabled }}{{ $jobs = append $jobs "history-migrations" }}{{ end }}
{{- end }}
{{- toYaml $jobs }}
{{- end }}

{{- /* Whether this is a Job that creates and changes tables. */ -}}
{{- define "pagebridge.isMigration" -}}
{{- ternary "true" "" (has . (list "migrations" "history-migrations")) }}
{{- end }}

{{- /* The values of the database of a service or of its migration, as YAML; empty: it has none. Takes (dict "root" $ "who" "migrations"). */ -}}
{{- define "pagebridge.database" -}}
{{- if has .who (list "connection-management" "migrations") }}
{{- toYaml .root.Values.database }}
{{- else if has .who (list "page-history" "history-migrations") }}
{{- toYaml .root.Values.pageHistory.database }}
{{- end }}
{{- end }}

{{- /* The services that the console shows, as YAML. */ -}}
{{- define "pagebridge.shown" -}}
{{- toYaml (concat (list "connection-management" "handle-sync" "page-routing") (ternary (list "page-history") (list) .Values.pageHistory.enabled) (ternary (list "alert-intake") (list) .Values.intake.enabled)) }}
{{- end }}

{{- define "pagebridge.callersPort" -}}
{{- get (dict "console-gateway" "8080" "connection-management" "8081" "handle-sync" "8082" "page-routing" "8083" "page-history" "8087" "alert-intake" "8088") . }}
{{- end }}

{{- /* The public paths, as YAML: the documented ones of alert-intake, all of other services. */ -}}
{{- define "pagebridge.paths" -}}
{{- toYaml (ternary (list "/v1/intake" "/v2/enqueue") (list "/") (eq . "alert-intake")) }}
{{- end }}

{{- /* The host of the links to snapshots, as a YAML list; empty: there are none. */ -}}
{{- define "pagebridge.snapshotHosts" -}}
{{- with .Values.pageHistory }}
{{- toYaml (ternary (list (get (urlParse .snapshots.url) "hostname")) (list) (and .enabled (ne .snapshots.url ""))) }}
{{- end }}
{{- end }}

{{- /* Whether this service signs or verifies snapshot links. Takes (dict "root" $ "who" "page-delivery"). */ -}}
{{- define "pagebridge.usesSnapshotKeys" -}}
{{- if and (has .who (list "page-delivery" "page-history")) (include "pagebridge.snapshotHosts" .root | fromYamlArray) }}true{{ end }}
{{- end }}

{{- define "pagebridge.managementPort" -}}
{{- get (dict "console-gateway" "9080" "connection-management" "9081" "handle-sync" "9082" "page-routing" "9083" "page-delivery" "9084" "page-history" "9087" "alert-intake" "9088") . }}
{{- end }}
