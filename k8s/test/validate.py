"""Checks rendered manifests: validate.py OPERATOR_JAR SERVICE_MONITORS ALERT_RULES FLINK_KEYS OPTIONS FILE...

Each object by its schema; what objects say of each other; Flink's and Streamcell's options by name. Then, for every kind,
each field in turn gets another name, and each must be missed.
"""

import copy
import pathlib
import re
import sys

import jsonschema
import yaml

from schemas import Schemas, UniqueKeys, load

# What a FlinkDeployment may configure beside the options that jobs/ has a list of: Flink's by somebody's name, and the
# operator's.
NAMED = re.compile(
    r"external-resources|external-resource\.[^.]+\.(amount|kubernetes\.config-key)"
    r"|metrics\.reporter\.[^.]+\.(factory\.class|port)"
    r"|kubernetes\.operator\.(job\.upgrade\.last-state\.max\.allowed\.checkpoint\.age"
    r"|savepoint\.history\.max\.count|deployment\.rollback\.enabled)"
)
# Fields whose keys are anybody's.
FREE = {"labels", "annotations", "matchLabels", "selector", "data", "nodeSelector", "requests", "limits", "logConfiguration"}


class Wrong(Exception):
    pass


class Options:
    """Which options there are, of Flink and of Streamcell."""

    def __init__(self, flink_keys, options):
        self.flink = set(pathlib.Path(flink_keys).read_text().split())
        self.own = set(re.findall(r"^\| `([^`]+)` \|", pathlib.Path(options).read_text(), re.MULTILINE))

    def flink_knows(self, key):
        return key in self.flink or bool(NAMED.fullmatch(key))

    def job_knows(self, key):
        named = re.sub(r"^models\.[^.]+\.", "models.<name>.", key)
        return named in self.own or key in self.flink or key.startswith("kafka.properties.")


def check_options(thing, options):
    if thing["kind"] == "FlinkDeployment":
        unknown = [key for key in thing["spec"]["flinkConfiguration"] if not options.flink_knows(key)]
        if unknown:
            raise Wrong(f"options of Flink must be known, got {unknown}")
    if thing["kind"] == "ConfigMap" and "job.yaml" in thing.get("data", {}):
        job = yaml.load(thing["data"]["job.yaml"], UniqueKeys)
        unknown = [key for key in job if not options.job_knows(key)]
        if unknown:
            raise Wrong(f"options in job.yaml must be known, got {unknown}")


def check_references(things):
    """What objects say of each other."""
    names = {(thing["kind"], thing["metadata"]["name"]) for thing in things}
    for deployment in (thing for thing in things if thing["kind"] == "FlinkDeployment"):
        name, spec = deployment["metadata"]["name"], deployment["spec"]
        configuration = spec["flinkConfiguration"]
        wanted = [("ServiceAccount", spec["serviceAccount"])]
        for volume in spec["podTemplate"]["spec"]["volumes"]:
            if volume["name"] == "job":
                wanted.append(("ConfigMap", volume["configMap"]["name"]))
        absent = [one for one in wanted if one not in names]
        if absent:
            raise Wrong(f"what {name} names must be there, absent are {absent}")
        slots = int(configuration["taskmanager.numberOfTaskSlots"])
        counts = {"jobmanager": spec["jobManager"]["replicas"], "taskmanager": -(-spec["job"]["parallelism"] // slots)}
        check_neighbours(things, name, counts, configuration)


def check_neighbours(things, name, counts, configuration):
    for thing in things:
        kind, spec = thing["kind"], thing.get("spec", {})
        if kind == "PodDisruptionBudget":
            labels = spec["selector"]["matchLabels"]
            expected = counts[labels["component"]] - 1
            if labels["app"] != name or spec.get("minAvailable") != expected:
                raise Wrong(f'{thing["metadata"]["name"]} must keep {expected} pods of {name}, keeps {spec}')
        if kind == "NetworkPolicy":
            ports = {port["port"] for rule in spec["ingress"] for port in rule["ports"]}
            needed = {int(configuration[key]) for key in configuration if re.search(r"\.(prom|rpc|data|server)\.port$", key)}
            if not needed <= ports or spec["podSelector"]["matchLabels"] != {"app": name}:
                raise Wrong(f"the network policy must let in {needed} to {name}, lets in {ports}")
        if kind == "ServiceMonitor":
            wanted = spec["selector"]["matchLabels"].items()
            services = [one for one in things if one["kind"] == "Service" and wanted <= one["metadata"]["labels"].items()]
            ports = [port["name"] for service in services for port in service["spec"]["ports"]]
            if ports != [endpoint["port"] for endpoint in spec["endpoints"]]:
                raise Wrong(f"the ServiceMonitor must find its port at one service, found {ports}")


def fields(node, path=()):
    """The paths of all fields whose names a schema knows."""
    if isinstance(node, dict):
        free = bool(path) and path[-1] in FREE
        for key, value in node.items():
            if not free:
                yield path + (key,)
            yield from fields(value, path + (key,))
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from fields(value, path + (index,))


def renamed(thing, path):
    """The object with one field under another name."""
    made = copy.deepcopy(thing)
    node = made
    for step in path[:-1]:
        node = node[step]
    node[f"{path[-1]}Wrong"] = node.pop(path[-1])
    return made


def is_refused(thing, schemas, options):
    try:
        schemas.check(thing)
        check_options(thing, options)
    except (jsonschema.ValidationError, Wrong, KeyError):
        return True
    return False


def main(operator_jar, service_monitors, alert_rules, flink_keys, options_page, *files):
    schemas = Schemas(operator_jar, service_monitors, alert_rules)
    options = Options(flink_keys, options_page)
    kinds = {}
    for file in files:
        things = load(file)
        for thing in things:
            try:
                schemas.check(thing)
                check_options(thing, options)
            except (jsonschema.ValidationError, Wrong) as wrong:
                where = "/".join(map(str, getattr(wrong, "absolute_path", ())))
                sys.exit(f'{file}: {thing["kind"]} {thing["metadata"]["name"]}: {where} {getattr(wrong, "message", wrong)}')
            kinds.setdefault(thing["kind"], []).append(thing)
        try:
            check_references(things)
        except Wrong as wrong:
            sys.exit(f"{file}: {wrong}")
        print(f"{pathlib.Path(file).name}: {len(things)} objects are valid")

    tried = 0
    for kind, things in sorted(kinds.items()):
        largest = max(things, key=lambda thing: len(yaml.dump(thing)))
        for path in fields(largest):
            tried += 1
            if not is_refused(renamed(largest, path), schemas, options):
                sys.exit(f'{kind}: the field {"/".join(map(str, path))} must be missed under another name, and is not')
    print(f"{tried} fields of {len(kinds)} kinds, each under another name: all are missed")


main(*sys.argv[1:])
