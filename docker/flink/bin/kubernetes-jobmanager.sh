#!/usr/bin/env bash
# What Flink's client has a JobManager's pod call: kubernetes-jobmanager.sh kubernetes-application|kubernetes-session.
exec "$(dirname "$(readlink -f "$0")")/flink-process" "$@"
