{{- define "pagebridge.sandboxName" -}}
{{ include "pagebridge.fullname" . }}-sandbox
{{- end }}

{{- /* The data centers of the values, and of the sandbox if it is deployed, as JSON; empty if there are none. */ -}}
{{- define "pagebridge.dataCenters" -}}
{{- $all := .Values.dataCenters }}
{{- if .Values.tests.enabled }}
{{- $host := printf "https://%s.%s.svc" (include "pagebridge.sandboxName" .) .Release.Namespace }}
{{- $all = append $all (dict "name" "SANDBOX" "site" "sandbox" "location" "this cluster" "apiUrl" (printf "%s:8443" $host) "pagingUrl" (printf "%s:8444" $host)) }}
{{- end }}
{{- if $all }}{{ toJson $all }}{{ end }}
{{- end }}
