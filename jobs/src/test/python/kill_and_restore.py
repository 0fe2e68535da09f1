#!/usr/bin/env python3
"""A broker in its own process, a client of another make, and a job that is killed with -9.

    pip install confluent-kafka          librdkafka
    ./streamcell --version               builds
    python3 jobs/src/test/python/kill_and_restore.py [--streams 200] [--chunks 20000]

Sends chunks with librdkafka, runs `./streamcell run`, kills it with -9 when a third of the scores is committed, starts it
again with `--from latest`, reads what is committed with librdkafka, and compares with `./streamcell score`, byte for byte.
Exit status 0 when nothing is lost, doubled or different.
"""

import argparse
import collections
import json
import pathlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import time

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

HOME = pathlib.Path(__file__).resolve().parents[4]
MODEL = HOME / "models/src/test/golden/lstm-sequences/model.keras"
FEATURES = 5
PARTITIONS = 4


def free_port():
    with socket.socket() as s:
        s.bind(("localhost", 0))
        return s.getsockname()[1]


def start_broker(folder):
    port, controller = free_port(), free_port()
    file = folder / "server.properties"
    file.write_text(
        f"""process.roles=broker,controller
node.id=1
controller.quorum.voters=1@localhost:{controller}
listeners=PLAINTEXT://localhost:{port},CONTROLLER://localhost:{controller}
advertised.listeners=PLAINTEXT://localhost:{port}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
log.dirs={folder}/logs
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
""",
        encoding="utf-8",
    )
    java = ["java", "-cp", f"{HOME}/jobs/target/lib/*"]
    cluster = "MkU3OEVBNTcwNTJENDM2Qg"
    subprocess.run(
        [*java, "kafka.tools.StorageTool", "format", "--cluster-id", cluster, "--config", file],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    log = open(folder / "broker.log", "wb")
    broker = subprocess.Popen([*java, "kafka.Kafka", file], stdout=log, stderr=log)
    for _ in range(600):
        with socket.socket() as s:
            if s.connect_ex(("localhost", port)) == 0:
                break
        time.sleep(0.1)
    return broker, f"localhost:{port}"


def make_events(streams, chunks):
    numbers = random.Random(9)
    for k in range(chunks):
        stream = f"stream-{numbers.randrange(streams)}"
        kind = numbers.randrange(20)
        if kind == 0:
            yield stream, {"stream": stream, "event": "reset"}
        elif kind == 1:
            yield stream, {"stream": stream, "event": "export"}
        else:
            rows = [[round(numbers.gauss(0, 1), 4) for _ in range(FEATURES)] for _ in range(numbers.randint(1, 8))]
            yield stream, {"stream": stream, "values": rows}


def consumer(servers):
    reader = Consumer(
        {
            "bootstrap.servers": servers,
            "group.id": "judge",
            "isolation.level": "read_committed",
            "enable.auto.commit": False,
            "auto.offset.reset": "earliest",
        }
    )
    reader.assign([TopicPartition("out", p, 0) for p in range(PARTITIONS)])
    return reader


def run_job(config, log, *more):
    return subprocess.Popen([HOME / "streamcell", "run", "--config", config, *more], stdout=log, stderr=log)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--streams", type=int, default=200)
    options.add_argument("--chunks", type=int, default=20000)
    wanted = options.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="streamcell-kill-"))
    events = list(make_events(wanted.streams, wanted.chunks))

    (folder / "events.jsonl").write_text("".join(json.dumps(e) + "\n" for _, e in events), encoding="utf-8")
    score = [HOME / "streamcell", "score", "--model", MODEL, "--input", folder / "events.jsonl"]
    subprocess.run([*score, "--output", folder / "scores.jsonl"], check=True)
    expected = collections.defaultdict(list)
    for line in (folder / "scores.jsonl").read_text(encoding="utf-8").splitlines():
        expected[json.loads(line)["stream"]].append(line)
    total = sum(map(len, expected.values()))

    broker, servers = start_broker(folder)
    job = None
    try:
        admin = AdminClient({"bootstrap.servers": servers})
        topics = [NewTopic(t, PARTITIONS, 1) for t in ("in", "out")]
        for made in admin.create_topics(topics, operation_timeout=60).values():
            made.result(60)
        config = folder / "job.yaml"
        config.write_text(
            f"""model.uri: {MODEL}
kafka.bootstrap-servers: {servers}
input.topic: in
output.topic: out
parallelism.default: 2
execution.checkpointing:
  dir: file://{folder}/checkpoints
  interval: 1 s
""",
            encoding="utf-8",
        )
        log = open(folder / "job.log", "wb")
        job = run_job(config, log)
        producer = Producer({"bootstrap.servers": servers, "linger.ms": 5, "partitioner": "murmur2_random"})
        found = collections.defaultdict(list)
        reader = consumer(servers)
        came, sent, killed, quiet = 0, 0, False, time.time()
        began = time.time()
        while came < total or time.time() - quiet < 5:
            due = int((time.time() - began) * wanted.chunks / 20)
            while sent < min(due, len(events)):
                stream, event = events[sent]
                producer.produce("in", key=stream, value=json.dumps(event))
                sent += 1
                producer.poll(0)
            for message in reader.consume(5000, 0.1):
                if message.error():
                    raise RuntimeError(message.error())
                found[message.key().decode()].append(message.value().decode())
                came += 1
                quiet = time.time()
            if not killed and came > total / 3:
                job.send_signal(signal.SIGKILL)
                job.wait()
                print(f"killed with -9 when {came} of {total} records were committed")
                job, killed = run_job(config, log, "--from", "latest"), True
            if job.poll() is not None:
                raise RuntimeError(f"the job ended by itself, see {folder}/job.log")
            if time.time() - quiet > 120:
                raise RuntimeError(f"only {came} of {total} records came, see {folder}/job.log")
        producer.flush()
    finally:
        if job is not None:
            job.kill()
        broker.kill()

    wrong = sum(found[stream] != expected[stream] for stream in expected.keys() | found.keys())
    print(f"{came} records read, {total} expected; streams that differ from an undisturbed score: {wrong}")
    return 0 if wrong == 0 and came == total and killed else 1


if __name__ == "__main__":
    sys.exit(main())
