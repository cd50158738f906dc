"""What REST promises of itself: its documents fit the schema, and all that is committed follows from them."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import graphql
import orjson
import pytest
from graphql import GraphQLScalarType, get_named_type
from schemathesis.specs.openapi.definitions import OPENAPI_31_VALIDATOR

from kakehashi.graphql.cost import cost_of
from kakehashi.graphql.schema import build_schema
from kakehashi.http.problem_kinds import KINDS
from kakehashi.http.rest.asking import Asker
from kakehashi.http.rest.client_classes import classes
from kakehashi.http.rest.limits import BOUNDS, PAGE
from kakehashi.http.rest.openapi import openapi
from kakehashi.http.rest.reading import NOT_A
from kakehashi.http.rest.routes import PARAMETERS, ROUTES
from kakehashi.vocabulary.text import ErrorCode
from tests.support.rest_promises import promises

API = Path(__file__).parents[2] / "api"


@pytest.fixture(scope="module")
def asker() -> Asker:
    return Asker(build_schema())


@pytest.fixture(scope="module")
def document(asker: Asker) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(orjson.dumps(openapi(asker)))
    return found


def test_each_document_fits_the_schema(asker: Asker) -> None:
    for name, operation in asker.operations.items():
        assert graphql.validate(asker.types, graphql.parse(operation.text)) == [], name


def test_each_document_belongs_to_a_route_and_each_fragment_to_a_document(asker: Asker) -> None:
    folder = API / "kakehashi" / "http" / "rest" / "documents"
    assert {file.stem for file in folder.glob("*.graphql")} == {"fragments", *(route.operation for route in ROUTES)}
    used = {name for operation in asker.operations.values() for name in operation.fragments}
    written = graphql.parse((folder / "fragments.graphql").read_text("utf-8")).definitions
    assert {one.name.value for one in written if isinstance(one, graphql.FragmentDefinitionNode)} == used
    others = {name for name, kind in asker.types.type_map.items() if graphql.is_input_type(kind)}
    assert used.isdisjoint(others), "a fragment, a value list and an input each make a schema of their own"


def test_each_parameter_is_described_and_no_name_means_two_things(asker: Asker) -> None:
    known = set(PARAMETERS) - {"lang"}
    taken = set()
    for name, operation in asker.operations.items():
        names = [one.name for one in operation.parameters]
        assert len(names) == len(set(names)), name
        taken |= set(names)
    assert taken == known


def test_each_number_that_is_asked_has_bounds_and_each_scalar_a_word_for_what_it_is_not(asker: Asker) -> None:
    for operation in asker.operations.values():
        for one in operation.parameters:
            named = get_named_type(one.type)
            assert named.name != "Int" or one.name in BOUNDS
            assert not isinstance(named, GraphQLScalarType) or named.name in NOT_A


def test_no_question_is_too_complex_however_long_its_page(asker: Asker) -> None:
    """What the OpenAPI document allows is never refused for its cost, nor is a whole table, whose pages are ours."""
    core = graphql.build_schema(asker.schema.as_str())
    for route in ROUTES:
        document = graphql.parse(asker.operations[route.operation].text)
        (asked,) = (one for one in document.definitions if isinstance(one, graphql.OperationDefinitionNode))
        for first in (route.most, *((PAGE,) if route.columns else ())):
            found = cost_of(core, document, asked, {"first": first, "proof": True})
            found.check()
            assert found.nodes >= first or not route.pages, route.operation


def test_the_columns_of_tables_are_values_of_their_rows(asker: Asker, document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    for route in (one for one in ROUTES if one.columns):
        name = route.operation[0].upper() + route.operation[1:] + "Answer"
        row = _at({"$ref": f"#/components/schemas/{name}"}, (*route.pages, "nodes"), schemas)
        for column in route.columns:
            assert _at(row, column.split("."), schemas).get("type") != "object", column


def _at(schema: dict[str, Any], path: Any, schemas: dict[str, Any]) -> dict[str, Any]:
    for step in path:
        schema = _plain(schema, schemas)["properties"][step]
    return _plain(schema, schemas)


def _plain(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    while True:
        if "anyOf" in schema:
            schema = schema["anyOf"][0]
        elif "$ref" in schema:
            schema = schemas[schema["$ref"].rpartition("/")[2]]
        elif schema["type"] == "array":
            schema = schema["items"]
        else:
            return schema


def test_the_committed_openapi_document_is_the_served_one(document: dict[str, Any]) -> None:
    committed = json.loads((API / "openapi.json").read_text("utf-8"))
    assert committed == document, "run: python -m kakehashi.http.rest.openapi > api/openapi.json"


def test_the_openapi_document_is_valid(document: dict[str, Any]) -> None:
    assert list(OPENAPI_31_VALIDATOR.iter_errors(document)) == []
    ids = [asked["operationId"] for methods in document["paths"].values() for asked in methods.values()]
    assert len(ids) == len(set(ids))


def test_all_that_people_read_of_it_is_there_in_both_languages(asker: Asker) -> None:
    english, japanese = (_said(openapi(asker, language)) for language in ("en", "ja"))
    assert [place for place, _ in english] == [place for place, _ in japanese]
    for (place, first), (_, second) in zip(english, japanese, strict=True):
        assert first != second, place
        assert first.isascii(), place


def _said(document: dict[str, Any]) -> list[tuple[str, str]]:
    told = {"info": document["info"], "paths": document["paths"], "keys": document["components"]["securitySchemes"]}
    return list(_texts(told, ""))


def _texts(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, one in value.items():
            if key in {"summary", "description", "title"} and isinstance(one, str):
                yield f"{place}/{key}", one
            elif key != "schema":
                yield from _texts(one, f"{place}/{key}")
    elif isinstance(value, list):
        for number, one in enumerate(value):
            yield from _texts(one, f"{place}/{number}")


def test_nothing_that_was_promised_is_gone(document: dict[str, Any]) -> None:
    promised = set((API / "rest-promises.txt").read_text("utf-8").splitlines())
    assert promised
    assert sorted(promised - promises(document)) == [], "this breaks clients: see tests/support/rest_promises.py"


def test_what_breaks_a_client_is_seen(document: dict[str, Any]) -> None:
    """Each of the usual breaking changes takes a promise away; what is added takes none."""
    before = promises(document)
    crosswalk = document["paths"]["/v1/crosswalk"]["get"]
    changes: list[tuple[Any, Any, Any]] = [
        (document["paths"], "/v1/gaps", None),
        (document["components"]["schemas"]["Edition"]["properties"], "version", None),
        (document["components"]["schemas"]["Edition"]["properties"], "version", {"type": "integer"}),
        (document["components"]["schemas"]["Edition"]["properties"], "framework", {"type": ["string", "null"]}),
        (document["components"]["schemas"]["CrosswalkInclude"], "enum", ["CERTAIN"]),
        (document["components"]["schemas"]["CoverageQuestion"], "required", ["edition", "given"]),
        (crosswalk, "operationId", "walk"),
        (crosswalk, "parameters", crosswalk["parameters"][1:]),
        (crosswalk["parameters"][4], "required", True),
    ]
    for place, key, value in changes:
        kept = dict(place)
        place[key] = value
        if value is None:
            del place[key]
        assert before - promises(document), key
        place.clear()
        place.update(kept)
    document["components"]["schemas"]["Edition"]["properties"]["more"] = {"type": "string"}
    assert before <= promises(document)
    del document["components"]["schemas"]["Edition"]["properties"]["more"]


def test_the_clients_classes_are_those_of_the_api() -> None:
    committed = (API / "kakehashi" / "client" / "records.py").read_text("utf-8")
    assert committed == classes(), "run: python -m kakehashi.http.rest.client_classes > api/kakehashi/client/records.py"


def test_every_code_has_a_kind_of_problem_in_both_languages() -> None:
    assert set(ErrorCode) <= set(KINDS)
    names = [kind.name for kind in KINDS.values()]
    assert len(names) == len(set(names))
    for kind in KINDS.values():
        assert kind.title.ja != kind.title.en
        assert kind.meaning.ja != kind.meaning.en
