"""The client's classes, one a schema or question: `python -m kakehashi.http.rest.client_classes` prints client/records.py.

So the client's words are the API's, and a change of a document changes them together.
"""

import re
import sys
from collections.abc import Iterator
from typing import Any, Final

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLList, GraphQLNonNull

from kakehashi.graphql.schema import build_schema
from kakehashi.http.rest.asking import Asker
from kakehashi.http.rest.openapi import openapi
from kakehashi.http.rest.operations import Operation
from kakehashi.http.rest.routes import PREFIX, Route
from kakehashi.http.rest.schemas import JsonSchema

HEAD: Final = '''"""What is asked and answered, as `python -m kakehashi.http.rest.client_classes` prints it."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from kakehashi.client.base import Answer, Input, Listing, Page, PageInfo, Question
'''

_BY_HAND: Final = {"PageInfo", "Problem", "Fault", "ImportJob", "ImportError", "SentFile"}
_PAGE: Final = {"totalCount", "pageInfo", "nodes"}
_SCALARS: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}
_FORMATS: Final = {"date": "date", "date-time": "datetime"}
_GRAPHQL: Final = {"ID": "str", "String": "str", "Int": "int", "Boolean": "bool", "Date": "date"}


class _Writer:
    def __init__(self, asker: Asker) -> None:
        self._asker = asker
        self._components: dict[str, JsonSchema] = openapi(asker)["components"]["schemas"]

    def text(self) -> str:
        answers = [self._answer(name, one) for name, one in self._components.items() if self._is_answer(name, one)]
        inputs = [self._input(kind) for kind in self._inputs()]
        questions = [self._question(route, self._asker.operations[route.operation]) for route in self._asker.routes]
        return "\n\n".join([HEAD, *answers, *inputs, *questions])

    def _is_answer(self, name: str, found: JsonSchema) -> bool:
        of_questions = "additionalProperties" in found
        return found["type"] == "object" and not of_questions and name not in _BY_HAND and set(found["properties"]) != _PAGE

    def _answer(self, name: str, found: JsonSchema) -> str:
        required = found["required"]
        fields = [f"{_snake(key)}: {self._type(one, missing=key not in required)}" for key, one in found["properties"].items()]
        return _class(name, "Answer", found.get("description"), fields)

    def _type(self, found: JsonSchema, *, missing: bool = False) -> str:
        if missing:
            return f"{self._type(found)} | None = None"
        if "anyOf" in found:
            return f"{self._type(found['anyOf'][0])} | None"
        if "$ref" in found:
            return self._referred(found["$ref"].rpartition("/")[2])
        kinds = found["type"] if isinstance(found["type"], list) else [found["type"]]
        if kinds[0] == "array":
            return f"tuple[{self._type(found['items'])}, ...]"
        return _FORMATS.get(found.get("format", ""), _SCALARS[kinds[0]]) + (" | None" if "null" in kinds else "")

    def _referred(self, name: str) -> str:
        found = self._components[name]
        if found["type"] == "string":
            return "str"
        if set(found["properties"]) == _PAGE:
            return f"Page[{self._type(found['properties']['nodes']['items'])}]"
        return name

    def _inputs(self) -> Iterator[GraphQLInputObjectType]:
        kinds = [self._asker.types.type_map[name] for name in self._components if name in self._asker.types.type_map]
        return (kind for kind in kinds if isinstance(kind, GraphQLInputObjectType))

    def _input(self, kind: GraphQLInputObjectType) -> str:
        fields = [f"{_snake(name)}: {_asked(field.type)}" for name, field in kind.fields.items()]
        return _class(kind.name, "Input", kind.description, fields)

    def _question(self, route: Route, operation: Operation) -> str:
        answer = f"{operation.name[0].upper()}{operation.name[1:]}Answer"
        constants = [
            f'path: ClassVar[str] = "{PREFIX}{route.path}"',
            *(["posted: ClassVar[bool] = True"] if route.body else []),
            f"answered: ClassVar[type[{answer}]] = {answer}",
        ]
        base = f"Question[{answer}]"
        if route.pages:
            base = f"Listing[{answer}, {self._row(answer, route.pages)}]"
            constants.append(f"pages: ClassVar[tuple[str, ...]] = {_strings(map(_snake, route.pages))}")
        fields = [f"{_snake(one.name)}: {_asked(one.type, one.default)}" for one in operation.variables]
        name = f"{answer.removesuffix('Answer')}Question"
        return _class(name, base, f"{route.summary.en}.", [*constants, *fields])

    def _row(self, answer: str, pages: tuple[str, ...]) -> str:
        found = self._components[answer]
        for step in (*pages, "nodes"):
            inner = found["properties"][step]
            found = self._components[inner["$ref"].rpartition("/")[2]] if "$ref" in inner else inner
        return self._type(found["items"])


def _class(name: str, base: str, about: str | None, fields: list[str]) -> str:
    lines = [
        f"class {name}({base}, frozen=True, kw_only=True):",
        f'    """{_sentence(about or name)}"""',
        "",
        *(f"    {one}" for one in fields),
    ]
    return "\n".join(lines) + "\n"


def _asked(kind: Any, default: Any = None) -> str:  # noqa: ANN401 - graphql-core's types of inputs have no common base
    if isinstance(kind, GraphQLNonNull):
        told = _asked_type(kind.of_type)
        return told if default is None else f"{told} = {_value(default)}"
    return f"{_asked_type(kind)} | None = {_value(default)}"


def _asked_type(kind: Any) -> str:  # noqa: ANN401 - as above
    if isinstance(kind, GraphQLList):
        return f"tuple[{_asked_type(kind.of_type.of_type)}, ...]"
    if isinstance(kind, GraphQLEnumType):
        return "str"
    return _GRAPHQL.get(kind.name, str(kind))


def _value(default: object) -> str:
    if isinstance(default, list):
        return _strings(default)
    return f'"{default}"' if isinstance(default, str) else repr(default)


def _strings(words: Any) -> str:  # noqa: ANN401 - any iterable of words
    told = ", ".join(f'"{one}"' for one in words)
    return f"({told})" if told.count('"') > 2 else f"({told},)"


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def _sentence(text: str) -> str:
    """The first sentence, which fits a line."""
    return text.split(". ", maxsplit=1)[0].rstrip(".") + "."


def classes() -> str:
    """The text of client/records.py."""
    return _Writer(Asker(build_schema())).text()


def main() -> None:
    """Print it."""
    sys.stdout.write(classes())


if __name__ == "__main__":
    main()
