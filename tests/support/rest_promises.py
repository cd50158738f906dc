"""What REST promises, a fact a line: `python -m tests.support.rest_promises > api/rest-promises.txt` when a version is published.

Lines may be added at any time. One that is gone, or reads otherwise, breaks somebody's client.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parents[2] / "api" / "openapi.json"


def promises(document: dict[str, Any]) -> set[str]:
    """The facts of an OpenAPI document that a client may rest on."""
    found = set()
    for path, methods in document["paths"].items():
        for method, asked in methods.items():
            found |= set(_of_operation(f"{method.upper()} {path}", asked))
    for name, schema in document["components"]["schemas"].items():
        found |= set(_of_schema(name, schema))
    return found


def _of_operation(name: str, asked: dict[str, Any]) -> Iterator[str]:
    yield f"{name} is {asked['operationId']}"
    demanded = sorted(one["name"] for one in asked["parameters"] if one["required"])
    yield f"{name} demands {', '.join(demanded) or 'nothing'}"
    for one in asked["parameters"]:
        yield f"{name} takes {one['name']} in the {one['in']}: {_kind(one['schema'])}"
    for media_type, content in asked.get("requestBody", {}).get("content", {}).items():
        yield f"{name} takes {media_type}: {_kind(content['schema'])}"
    for status, answer in asked["responses"].items():
        for media_type, content in answer.get("content", {}).items():
            yield f"{name} answers {status} with {media_type}: {_kind(content['schema'])}"


def _of_schema(name: str, schema: dict[str, Any]) -> Iterator[str]:
    question = schema.get("additionalProperties") is False
    for value in schema.get("enum", ()):
        yield f"{name} has {value}"
    required = schema.get("required", [])
    if question:
        yield f"{name} demands {', '.join(sorted(required)) or 'nothing'}"
    for key, one in schema.get("properties", {}).items():
        there = "" if question or key in required else ", where it is asked for"
        yield f"{name}.{key}: {_kind(one)}{there}"


def _kind(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(map(_kind, schema["anyOf"]))
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    told = [f"list of {_kind(schema['items'])}" if one == "array" and "items" in schema else one for one in kinds]
    bounds = f" {schema['minimum']} to {schema['maximum']}" if "minimum" in schema else ""
    default = f", else {json.dumps(schema['default'])}" if "default" in schema else ""
    return " or ".join(told) + bounds + default


if __name__ == "__main__":
    print("\n".join(sorted(promises(json.loads(DOCUMENT.read_text("utf-8"))))))  # noqa: T201 - what it is for
