{{- define "streamcell.labels" -}}
app.kubernetes.io/part-of: streamcell
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{/* Keys of a map, each value a string, as Flink's options are. */}}
{{- define "streamcell.strings" -}}
{{- range $key, $value := . }}
{{ $key }}: {{ $value | toString | quote }}
{{- end }}
{{- end }}

{{/* How many TaskManagers the parallelism needs. */}}
{{- define "streamcell.taskManagers" -}}
{{- div (add (int .Values.job.parallelism) (int .Values.taskManager.slots) -1) (int .Values.taskManager.slots) }}
{{- end }}

{{/* job.yaml. */}}
{{- define "streamcell.job" -}}
{{- range $key, $value := .Values.job.options }}
{{ $key }}: {{ $value | toJson }}
{{- end }}
{{- end }}

{{/* Flink's options that the chart sets. */}}
{{- define "streamcell.configuration" -}}
taskmanager.numberOfTaskSlots: {{ .Values.taskManager.slots | quote }}
high-availability.type: kubernetes
high-availability.storageDir: {{ .Values.storage.uri }}/high-availability
execution.checkpointing.dir: {{ .Values.storage.uri }}/checkpoints
execution.checkpointing.savepoint-dir: {{ .Values.storage.uri }}/savepoints
execution.checkpointing.interval: 10 s
execution.checkpointing.num-retained: "3"
execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION
execution.checkpointing.incremental: "true"
execution.state-recovery.from-local: "true"
state.backend.type: rocksdb
state.backend.rocksdb.localdir: /data/rocksdb
process.taskmanager.working-dir: /data/working
kubernetes.operator.job.upgrade.last-state.max.allowed.checkpoint.age: 10 min
kubernetes.operator.savepoint.history.max.count: "5"
kubernetes.operator.deployment.rollback.enabled: "true"
metrics.reporters: prom
metrics.reporter.prom.factory.class: org.apache.flink.metrics.prometheus.PrometheusReporterFactory
metrics.reporter.prom.port: "9249"
taskmanager.rpc.port: "6122"
taskmanager.data.port: "6121"
blob.server.port: "6124"
io.tmp.dirs: /tmp
{{- if .Values.taskManager.gpus }}
classloader.resolve-order: parent-first
external-resources: gpu
external-resource.gpu.amount: {{ .Values.taskManager.gpus | quote }}
external-resource.gpu.kubernetes.config-key: nvidia.com/gpu
{{- end }}
{{- end }}
