{{- /*
Whether an object that needs a CRD is rendered, of (dict "root" $ "switch" .Values.podMonitor "value" "podMonitor" "api" "monitoring.coreos.com/v1/PodMonitor").
Empty where not. `helm template` without a cluster knows no CRDs but those of --api-versions.
*/ -}}
{{- define "pagebridge.renders" -}}
{{- if .switch.enabled }}
{{- $known := .root.Capabilities.APIVersions.Has .api }}
{{- if or $known (eq .switch.renderMode "alwaysRender") }}true
{{- else if eq .switch.renderMode "failIfMissing" }}
{{- fail (printf "\n%s.enabled is true, and this cluster does not know %s: install its operator first, or set %s.renderMode to skipIfMissing or alwaysRender" .value .api .value) }}
{{- end }}
{{- end }}
{{- end }}
