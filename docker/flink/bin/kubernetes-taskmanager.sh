#!/usr/bin/env bash
# What Flink's JobManager has a TaskManager's pod call, with its settings as arguments.
exec "$(dirname "$(readlink -f "$0")")/flink-process" kubernetes-taskmanager "$@"
