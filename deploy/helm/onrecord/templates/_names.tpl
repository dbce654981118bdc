{{- define "onrecord.labels" -}}
app.kubernetes.io/name: {{ .service }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
{{- end }}

{{- define "onrecord.allLabels" -}}
{{ include "onrecord.labels" . }}
app.kubernetes.io/part-of: onrecord
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
{{- end }}

{{- define "onrecord.image" -}}
{{- $digest := get .root.Values.image.digests .service -}}
{{- with .root.Values.image.registry }}{{ . }}/{{ else }}onrecord/{{ end -}}
{{ .service }}:{{ .root.Values.image.tag | default .root.Chart.AppVersion }}{{ with $digest }}@{{ . }}{{ end }}
{{- end }}

{{- define "onrecord.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
fsGroupChangePolicy: OnRootMismatch
seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "onrecord.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
privileged: false
capabilities: {drop: [ALL]}
{{- end }}

{{- define "onrecord.kafkaEnvironment" -}}
- {name: ONRECORD_KAFKA_BOOTSTRAP, value: {{ required "kafka.bootstrap is needed: host:port of your brokers" .Values.kafka.bootstrap | quote }}}
- {name: ONRECORD_KAFKA_SECURITY, value: {{ .Values.kafka.security | quote }}}
- {name: ONRECORD_PARTITIONS, value: {{ .Values.kafka.partitions | quote }}}
{{- if contains "SASL" .Values.kafka.security }}
- {name: ONRECORD_KAFKA_SASL_MECHANISM, value: {{ .Values.kafka.saslMechanism | quote }}}
- {name: ONRECORD_KAFKA_USERNAME_FILE, value: /etc/onrecord/kafka/username}
- {name: ONRECORD_KAFKA_PASSWORD_FILE, value: /etc/onrecord/kafka/password}
{{- end }}
{{- if .Values.kafka.caInSecret }}
- {name: ONRECORD_KAFKA_CA_FILE, value: /etc/onrecord/kafka/ca.crt}
{{- end }}
{{- end }}

{{- define "onrecord.kafkaHasSecret" -}}
{{- if or (contains "SASL" .Values.kafka.security) .Values.kafka.caInSecret }}true{{ end }}
{{- end }}

{{- /* Secrets as files, each in its own folder. Takes .root and .secrets, a map from folder to the secret's name. */}}
{{- define "onrecord.mounts" -}}
- {name: tmp, mountPath: /tmp}
{{- range $folder, $secret := .secrets }}
- {name: {{ $folder }}, mountPath: /etc/onrecord/{{ $folder }}, readOnly: true}
{{- end }}
{{- end }}

{{- define "onrecord.volumes" -}}
- {name: tmp, emptyDir: {sizeLimit: {{ .tmp | default "64Mi" }}}}
{{- range $folder, $secret := .secrets }}
- name: {{ $folder }}
  secret: {secretName: {{ $secret | quote }}, defaultMode: 0440}
{{- end }}
{{- end }}

{{- /* Which secrets a service is given, as JSON: its own and no other's. */}}
{{- define "onrecord.secretsOf" -}}
{{- $secrets := dict -}}
{{- if include "onrecord.kafkaHasSecret" .root -}}
{{- $_ := set $secrets "kafka" (required "kafka.secret is needed for SASL, and for an authority of your own" .root.Values.kafka.secret) -}}
{{- end -}}
{{- if eq .service "feed" -}}
{{- $_ := set $secrets "feed-database" (required "database.feedSecret is needed" .root.Values.database.feedSecret) -}}
{{- end -}}
{{- if eq .service "store" -}}
{{- $_ := set $secrets "store-database" (required "database.storeSecret is needed" .root.Values.database.storeSecret) -}}
{{- $_ := set $secrets "api-tokens" (required "api.tokensSecret is needed: the API answers nobody without a token" .root.Values.api.tokensSecret) -}}
{{- end -}}
{{- if and .root.Values.database.caSecret (has .service (list "feed" "store")) -}}
{{- $_ := set $secrets "database-ca" .root.Values.database.caSecret -}}
{{- end -}}
{{- $secrets | toJson -}}
{{- end }}
