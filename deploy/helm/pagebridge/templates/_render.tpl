{{- /*
Whether to render an object that needs a CRD; empty if not. Takes (dict "root" $ "switch" .Values.podMonitor "value" "podMonitor" "api"
"monitoring.coreos.com/v1/PodMonitor"). `helm template` does not query a cluster and has only the CRDs of --api-versions.
*/ -}}
{{- define "pagebridge.renders" -}}
{{- if .switch.enabled }}
{{- $known := .root.Capabilities.APIVersions.Has .api }}
{{- if or $known (eq .switch.renderMode "alwaysRender") }}true
{{- else if eq .switch.renderMode "failIfMissing" }}
{{- fail (printf "\n%s needs %s, but this cluster lacks that CRD: install the operator first, or set %s.renderMode to skipIfMissing or alwaysRender" .value .api .value) }}
{{- end }}
{{- end }}
{{- end }}

{{- /* Whether KEDA sets the number of instances of a service. Takes (dict "root" $ "who" "page-routing"). */ -}}
{{- define "pagebridge.isScaled" -}}
{{- $scales := include "pagebridge.renders" (dict "root" .root "switch" .root.Values.autoscaling "value" "autoscaling" "api" "keda.sh/v1alpha1/ScaledObject") }}
{{- if has .who (list "page-routing" "page-delivery") }}{{ $scales }}{{ end }}
{{- end }}
