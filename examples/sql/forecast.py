#!/usr/bin/env python3
"""function.sql from Python: pip install apache-flink==2.3.0, then ./forecast.py (after ./run, which makes its input)."""
from pathlib import Path

from pyflink.table import EnvironmentSettings, TableEnvironment

HERE = Path(__file__).resolve().parent
JAR = HERE.parents[1] / "jobs/target/streamcell-jobs.jar"
SCRIPT = HERE / "function.sql"


def main():
    sql = TableEnvironment.create(EnvironmentSettings.in_streaming_mode())
    sql.get_config().set("pipeline.jars", JAR.as_uri())
    sql.get_config().set("parallelism.default", "1")
    sql.get_config().set("table.local-time-zone", "UTC")
    for statement in SCRIPT.read_text().split(";\n"):
        if "CREATE" in statement:
            sql.execute_sql(statement)

    forecasts = sql.from_path("forecasts")
    with forecasts.select(forecasts.ts, forecasts.degrees, forecasts.in_two_hours).execute().collect() as rows:
        errors = worst_errors(rows)
    for error, ts, forecast, degrees in errors:
        print(f"{ts}: forecast {forecast:.1f}, came {degrees:.1f}, off by {error:.1f}")


def worst_errors(rows, ahead=24, count=5):
    """Holds each forecast against the reading that it is of."""
    ts, degrees, forecasts = zip(*rows)
    errors = [
        (abs(forecasts[k] - degrees[k + ahead]), ts[k + ahead], forecasts[k], degrees[k + ahead])
        for k in range(len(ts) - ahead)
    ]
    return sorted(errors, reverse=True)[:count]


if __name__ == "__main__":
    main()
