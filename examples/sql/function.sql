-- The temperature of a machine, forecast by an LSTM: a state per machine, kept by Flink, that starts afresh after a gap.
SET 'execution.target' = 'local';
SET 'parallelism.default' = '1';
SET 'table.local-time-zone' = 'UTC';
SET 'sql-client.execution.result-mode' = 'tableau';

CREATE FUNCTION SCORE AS 'io.streamcell.jobs.sql.ScoreFunction';

CREATE TABLE readings (
  ts TIMESTAMP(3),
  degrees DOUBLE,
  machine AS 'm-17',
  WATERMARK FOR ts AS ts
) WITH (
  'connector' = 'filesystem',
  'format' = 'csv',
  'path' = 'target/readings.csv'
);

-- What the network was trained on: the value, scaled, and the time of day (../nab/README.md).
CREATE VIEW inputs AS
SELECT machine, ts, degrees,
  LEAST(GREATEST((degrees - 83.03728791004995e0) / 10.321920736644545e0, -10e0), 10e0) AS x,
  SIN(2 * PI() * (HOUR(ts) * 3600 + MINUTE(ts) * 60 + SECOND(ts)) / 86400e0) AS day_sin,
  COS(2 * PI() * (HOUR(ts) * 3600 + MINUTE(ts) * 60 + SECOND(ts)) / 86400e0) AS day_cos
FROM readings;

-- A timestep that comes more than two hours after the one before starts afresh.
CREATE VIEW forecasts AS
SELECT machine, ts, timestep, degrees, flags, degrees + 10.321920736644545e0 * outputs[1][4] AS in_two_hours
FROM SCORE(
  input => TABLE inputs PARTITION BY machine,
  model => '../nab/forecaster.keras',
  features => DESCRIPTOR(x, day_sin, day_cos),
  on_time => DESCRIPTOR(ts),
  options => MAP['sequence.idle-reset', '2 h']
);

SELECT timestep, ts, degrees, ROUND(in_two_hours, 2) AS in_two_hours, flags
FROM forecasts
WHERE MOD(timestep, 2500) = 0 OR CARDINALITY(flags) > 0;
