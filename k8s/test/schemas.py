"""The schemas that a cluster would check objects by: Kubernetes' own of two versions, and those of the operators."""

import copy
import functools
import pathlib
import zipfile

import jsonschema
import kubernetes_validate.utils
import yaml
from referencing import Registry, Resource

# The oldest that the chart takes, and the newest that there are schemas of.
KUBERNETES = ("1.27", "1.37")
# What the operator's schema of 1.10, the newest that Maven Central had, does not know yet.
NEWER_FLINK = ["v2_0", "v2_1", "v2_2", "v2_3"]


class UniqueKeys(yaml.SafeLoader):
    """Refuses a key that stands twice, where YAML would take the last."""


def _mapping(loader, node, deep=False):
    keys = [loader.construct_object(key, deep=deep) for key, _ in node.value]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise yaml.constructor.ConstructorError(None, None, f"keys stand twice: {sorted(twice)}", node.start_mark)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=True)


UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(path):
    """A file's objects."""
    return [one for one in yaml.load_all(pathlib.Path(path).read_text(), UniqueKeys) if one is not None]


def closed(schema):
    """The schema, which takes no field that it does not name."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(part) for key, part in schema.items()}
    is_schema = isinstance(made.get("properties"), dict) and made.get("type") == "object"
    if is_schema and not made.get("x-kubernetes-preserve-unknown-fields"):
        made.setdefault("additionalProperties", False)
    if made.pop("x-kubernetes-int-or-string", False):
        made.pop("type", None)
        made["anyOf"] = [{"type": "integer"}, {"type": "string"}]
    return made


def custom(definition, versions=()):
    """A validator for the first version of a CustomResourceDefinition."""
    schema = copy.deepcopy(definition["spec"]["versions"][0]["schema"]["openAPIV3Schema"])
    schema["type"] = "object"
    if versions:
        schema["properties"]["spec"]["properties"]["flinkVersion"]["enum"].extend(versions)
    api = f'{definition["spec"]["group"]}/{definition["spec"]["versions"][0]["name"]}'
    schema["properties"]["apiVersion"] = {"enum": [api]}
    schema["properties"]["kind"] = {"enum": [definition["spec"]["names"]["kind"]]}
    schema["properties"]["metadata"] = {"type": "object"}
    schema["required"] = ["apiVersion", "kind", "metadata", "spec"]
    return jsonschema.Draft7Validator(closed(schema))


class Schemas:
    """All of them; `check` raises jsonschema.ValidationError for an object that is wrong."""

    def __init__(self, operator_jar, *definitions):
        with zipfile.ZipFile(operator_jar) as jar:
            deployment = jar.read("META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml")
        self.custom = {"FlinkDeployment": custom(yaml.safe_load(deployment), NEWER_FLINK)}
        for file in definitions:
            definition = load(file)[0]
            self.custom[definition["spec"]["names"]["kind"]] = custom(definition)

    def check(self, thing):
        validator = self.custom.get(thing.get("kind"))
        if validator is None:
            for version in KUBERNETES:
                strictly(thing, version)
            return
        validator.validate(thing)
        metadata(thing["metadata"])
        if thing["kind"] == "FlinkDeployment":
            for part in (thing["spec"], thing["spec"]["jobManager"], thing["spec"]["taskManager"]):
                if "podTemplate" in part:
                    pod(part["podTemplate"])


def pod(template):
    """Flink's schema of a pod knows types alone, so that a template must be one for Kubernetes, too."""
    for version in KUBERNETES:
        strictly({"metadata": {"name": "pod"}, **template}, version)


def metadata(of):
    """Custom definitions leave it to Kubernetes."""
    strictly({"apiVersion": "v1", "kind": "ConfigMap", "metadata": of}, KUBERNETES[0])


@functools.cache
def definitions(version):
    name = f"kubernetes-json-schema/v{version}.0-local-strict/_definitions.json"
    return Resource.from_contents(kubernetes_validate.utils.schema_contents(name, version)) @ Registry()


@functools.cache
def validator(version, kind, api):
    group = api.split("/")[0].split(".")[0] + "-" if "/" in api else ""
    name = f'kubernetes-json-schema/v{version}.0-local-strict/{kind.lower()}-{group}{api.split("/")[-1]}.json'
    try:
        schema = kubernetes_validate.utils.schema_contents(name, version)
    except FileNotFoundError:
        return None
    registry = Resource.from_contents(schema) @ definitions(version)
    return jsonschema.Draft202012Validator(schema, registry=registry)


def strictly(thing, version):
    """By Kubernetes' own schema, which takes no field that it does not name."""
    found = validator(version, str(thing.get("kind")), str(thing.get("apiVersion")))
    if found is None:
        raise jsonschema.ValidationError(
            f'kind and apiVersion must be known, got {thing.get("kind")} of {thing.get("apiVersion")}'
        )
    found.validate(thing)
