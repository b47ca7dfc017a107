{{- /*
Whether to render an object that needs a CRD; empty if not. Takes (dict "root" $ "switch" .Values.podMonitor "value" "podMonitor" "api"
"monitoring.coreos.com/v1/PodMonitor"). `helm template` asks no cluster, so it has only the CRDs of --api-versions.
*/ -}}
{{- define "pagebridge.renders" -}}
{{- if .switch.enabled }}
{{- $known := .root.Capabilities.APIVersions.Has .api }}
{{- if or $known (eq .switch.renderMode "alwaysRender") }}true
{{- else if eq .switch.renderMode "failIfMissing" }}
{{- fail (printf "\n%s asks for %s, which this cluster does not know: install its operator first, or set %s.renderMode to skipIfMissing or alwaysRender" .value .api .value) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Whether KEDA sets the number of instances of a service. Takes (dict "root" $ "who" "page-routing"). */ -}}
{{- define "pagebridge.isScaled" -}}
{{- $scales := include "pagebridge.renders" (dict "root" .root "switch" .root.Values.autoscaling "value" "autoscaling" "api" "keda.sh/v1alpha1/ScaledObject") }}
{{- if has .who (list "page-routing" "page-delivery") }}{{ $scales }}{{ end }}
{{- end }}
