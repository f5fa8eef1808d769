{{- /* The services: key of the values, name of the image, port, metric of the autoscaling. */ -}}
{{- define "verbatim.services" -}}
ingest: {component: ingest-service, port: 5000, public: true, metric: verbatim_ingest_calls_live}
worker: {component: asr-worker, port: 5001, public: false, metric: verbatim_asr_calls_owned}
gateway: {component: transcript-gateway, port: 8080, public: true, metric: verbatim_gateway_subscribers}
{{- end -}}

{{- define "verbatim.labels" -}}
app.kubernetes.io/name: verbatim
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service.component }}
app.kubernetes.io/version: {{ .root.Values.image.tag | default .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version }}
{{- end -}}

{{- define "verbatim.selector" -}}
app.kubernetes.io/name: verbatim
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .service.component }}
{{- end -}}

{{- define "verbatim.secret" -}}
{{- if .Values.existingSecret -}}
{{ .Values.existingSecret }}
{{- else -}}
{{ .Release.Name }}-verbatim
{{- end -}}
{{- end -}}
