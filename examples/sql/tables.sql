-- The same through the operator, many streams in one kernel call: what is inserted is scored, its scores go to Kafka,
-- exactly once. Needs a broker, such as that of docker/compose.yaml.
SET 'execution.target' = 'local';
SET 'parallelism.default' = '1';
SET 'table.local-time-zone' = 'UTC';
SET 'sql-client.execution.result-mode' = 'tableau';
SET 'execution.checkpointing.interval' = '1 s';
SET 'table.dml-sync' = 'true';

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

CREATE TABLE scored_inputs (
  machine STRING,
  ts TIMESTAMP(3),
  x DOUBLE,
  day_sin DOUBLE,
  day_cos DOUBLE
) WITH (
  'connector' = 'streamcell',
  'model.uri' = '../nab/forecaster.keras',
  'input.stream-field' = 'machine',
  'input.time-field' = 'ts',
  'input.features' = 'x;day_sin;day_cos',
  'sequence.idle-reset' = '2 h',
  'output.topic' = 'forecasts',
  'kafka.bootstrap-servers' = 'localhost:9094'
);

INSERT INTO scored_inputs SELECT machine, ts, x, day_sin, day_cos FROM inputs;

-- What lies in the topic now, read by Flink's own connector.
CREATE TABLE forecasts (
  `stream` STRING,
  `start` BIGINT,
  outputs ARRAY<ARRAY<FLOAT>>
) WITH (
  'connector' = 'kafka',
  'topic' = 'forecasts',
  'format' = 'json',
  'scan.startup.mode' = 'earliest-offset',
  'scan.bounded.mode' = 'latest-offset',
  'properties.bootstrap.servers' = 'localhost:9094'
);

SELECT `start`, outputs FROM forecasts WHERE MOD(`start`, 2500) = 0;
