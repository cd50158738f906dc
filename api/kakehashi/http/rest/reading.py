"""What a request asks: the variables of its document, from the query or the body, and all that is wrong with them at once."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from http import HTTPStatus
from itertools import chain, islice
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    get_nullable_type,
)
from starlette.requests import Request

from kakehashi.http.problems import Fault
from kakehashi.http.rest.limits import MAX_ADDRESS_BYTES, MAX_BODY_BYTES, MAX_FAULTS
from kakehashi.http.rest.operations import Operation, Variable, short_form
from kakehashi.vocabulary.text import Text

JSON: Final = "application/json"
LANGUAGE_TAG: Final = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"
_LANGUAGE: Final = re.compile(LANGUAGE_TAG)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER: Final = re.compile(r"-?[0-9]{1,10}")

FAULTY = Text(
    "要求に誤りがあります。errorsの各項目を直してください。", "Something in the request is wrong: mend what errors lists."
)
REQUIRED = Text("{name}を指定してください。", "{name} must be given.")
UNKNOWN = Text("{name}というものは指定できません。", "There is no {name} to be given here.")
REPEATED = Text("{name}は一つだけ指定してください。", "{name} may be given only once.")
NOT_A = {
    "Int": Text("{name}は整数でなければなりません。", "{name} must be a whole number."),
    "Boolean": Text("{name}はtrueかfalseでなければなりません。", "{name} must be true or false."),
    "Date": Text("{name}はYYYY-MM-DDの日付でなければなりません。", "{name} must be a date, YYYY-MM-DD."),
    "ID": Text("{name}はIDの文字列でなければなりません。", "{name} must be an id, a string."),
    "String": Text("{name}は文字列でなければなりません。", "{name} must be a string."),
}
NOT_ONE_OF = Text("{name}は {known} のいずれかでなければなりません。", "{name} must be one of: {known}.")
NOT_A_LIST = Text("{name}は配列でなければなりません。", "{name} must be an array.")
NOT_AN_OBJECT = Text("{name}はオブジェクトでなければなりません。", "{name} must be an object.")
NOT_A_LANGUAGE = Text("langはjaやen-USのような言語タグでなければなりません。", "lang must be a language tag such as ja or en-US.")
NOT_JSON = Text("本文がJSONとして読めません。", "The body is not JSON.")
NOT_UTF_8 = Text("アドレスはUTF-8で書いてください。", "The address must be in UTF-8.")
WRONG_TYPE = Text("Content-Typeはapplication/jsonにしてください。", "The Content-Type must be application/json.")
TOO_LARGE = Text("本文は{limit}バイトまでです。", "The body may have at most {limit} bytes.")
TOO_LONG = Text(
    "アドレスの問い合わせ部分は{limit}バイトまでです。POSTで送ってください。",
    "The query of an address may have at most {limit} bytes. Send it by POST, where that is offered.",
)


class RefusedError(Exception):
    """A request that is not asked at all; `faults` are its parts."""

    def __init__(self, status: HTTPStatus, text: Text, faults: tuple[Fault, ...] = ()) -> None:
        super().__init__(text.en)
        self.status, self.text, self.faults = status, text, faults


class Asked:
    """The variables of a request's document, and the languages that it wishes for."""

    __slots__ = ("languages", "variables")

    def __init__(self, variables: Mapping[str, Any], languages: tuple[str, ...]) -> None:
        self.variables, self.languages = variables, languages


async def asked_by(request: Request, operation: Operation) -> Asked:
    """What a request asks of an operation; an error that tells all its faults."""
    values = _values(request)
    languages = tuple(values.pop("lang", ()))
    faults = (Fault(NOT_A_LANGUAGE, "lang") for tag in languages if not _LANGUAGE.match(tag))
    if request.method != "POST":
        known = {one.name: one for one in operation.parameters}
        _refuse(chain(faults, _faults_of_query(values, known)))
        return Asked(_nested({name: _typed(known[name], found) for name, found in values.items()}, known), languages)
    given = _object(await _body(request))
    _refuse(chain(faults, _faults_of_query(values, {}), _faults_of(given, operation.variables, "#")))
    return Asked(given, languages)


def _values(request: Request) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in (*_pairs(request), *request.path_params.items()):
        values.setdefault(name, []).append(value)
    return values


def _pairs(request: Request) -> list[tuple[str, str]]:
    if len(request.url.query) > MAX_ADDRESS_BYTES:
        raise RefusedError(HTTPStatus.REQUEST_URI_TOO_LONG, TOO_LONG(limit=MAX_ADDRESS_BYTES))
    try:
        return parse_qsl(request.url.query, keep_blank_values=True, errors="strict", max_num_fields=2000)
    except ValueError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, NOT_UTF_8) from error


def _typed(variable: Variable, found: list[str]) -> Any:  # noqa: ANN401 - whatever JSON holds
    """The value that the words of an address stand for; a word that stands for none is left as it is, and found out."""
    named, short = get_named_type(variable.type).name, short_form(variable.type)
    values = [{short: one} if short else _TYPED.get(named, str)(one) for one in found]
    return values if variable.many else values[0]


def _integer(word: str) -> int | str:
    return int(word) if _INTEGER.fullmatch(word) else word


def _boolean(word: str) -> bool | str:
    return {"true": True, "false": False}.get(word, word)


_TYPED: Final = {"Int": _integer, "Boolean": _boolean}


def _faults_of_query(values: Mapping[str, list[str]], known: Mapping[str, Variable]) -> Iterator[Fault]:
    yield from (Fault(UNKNOWN(name=name[:80]), name[:80]) for name in values if name not in known)
    for name, one in known.items():
        if name not in values:
            if one.required:
                yield Fault(REQUIRED(name=name), name)
        elif len(values[name]) > 1 and not one.many:
            yield Fault(REPEATED(name=name), name)
        else:
            yield from (Fault(fault.text, name) for fault in _faults(_typed(one, values[name]), one.type, name))


def _nested(given: Mapping[str, Any], known: Mapping[str, Variable]) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for name, value in given.items():
        *outer, last = known[name].path
        place = nested
        for step in outer:
            place = place.setdefault(step, {})
        place[last] = value
    return nested


async def _body(request: Request) -> bytes:
    """The body, read no further than the limit."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != JSON:
        raise RefusedError(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, WRONG_TYPE)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE(limit=MAX_BODY_BYTES))
    return bytes(body)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)
    except ValueError as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, NOT_JSON) from error
    if not isinstance(found, dict):
        raise RefusedError(HTTPStatus.BAD_REQUEST, FAULTY, (Fault(NOT_AN_OBJECT(name="body"), "#"),))
    return found


def _refuse(faults: Iterator[Fault]) -> None:
    found = tuple(islice(faults, MAX_FAULTS))
    if found:
        raise RefusedError(HTTPStatus.BAD_REQUEST, found[0].text if len(found) == 1 else FAULTY, found)


def _faults_of(given: Mapping[str, Any], variables: tuple[Variable, ...], place: str) -> Iterator[Fault]:
    known = {one.name: one for one in variables}
    yield from _unknown(given, known, place)
    for name, one in known.items():
        if name in given:
            yield from _faults(given[name], one.type, f"{place}/{name}")
        elif one.required:
            yield Fault(REQUIRED(name=name), f"{place}/{name}")


def _unknown(given: Mapping[str, Any], known: Mapping[str, Any], place: str) -> Iterator[Fault]:
    for name in given:
        if name not in known:
            yield Fault(UNKNOWN(name=name[:80]), f"{place}/{_escaped(name[:80])}")


def _faults(value: Any, kind: GraphQLInputType, place: str) -> Iterator[Fault]:  # noqa: ANN401 - whatever JSON holds
    """All that keeps a value from being of a type. A list is an array here: GraphQL would take a single value for one."""
    nullable, name = get_nullable_type(kind), _called(place)
    if value is None:
        if isinstance(kind, GraphQLNonNull):
            yield Fault(REQUIRED(name=name), place)
    elif isinstance(nullable, GraphQLList):
        yield from _faults_in_list(value, nullable, place)
    elif isinstance(nullable, GraphQLInputObjectType):
        yield from _faults_in_object(value, nullable, place)
    elif isinstance(nullable, GraphQLEnumType):
        if not isinstance(value, str) or value not in nullable.values:
            yield Fault(NOT_ONE_OF(name=name, known=", ".join(nullable.values)), place)
    elif not _IS[nullable.name](value):
        yield Fault(NOT_A[nullable.name](name=name), place)


def _faults_in_list(value: Any, kind: GraphQLList[Any], place: str) -> Iterator[Fault]:  # noqa: ANN401 - as above
    if not isinstance(value, list):
        yield Fault(NOT_A_LIST(name=_called(place)), place)
        return
    for number, one in enumerate(value):
        yield from _faults(one, kind.of_type, f"{place}/{number}")


def _faults_in_object(value: Any, kind: GraphQLInputObjectType, place: str) -> Iterator[Fault]:  # noqa: ANN401 - as above
    if not isinstance(value, dict):
        yield Fault(NOT_AN_OBJECT(name=_called(place)), place)
        return
    yield from _faults_of(value, tuple(Variable((name,), field.type) for name, field in kind.fields.items()), place)


def _called(place: str) -> str:
    """What a message calls a place: the last name that leads to it, without the number of a list's entry."""
    return next((step for step in reversed(place.split("/")) if not step.isdigit()), place)


def _escaped(name: str) -> str:
    """A step of a JSON pointer (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def _is_integer(value: object) -> bool:
    return not isinstance(value, bool) and isinstance(value, int | float) and float(value).is_integer() and abs(value) < 2**31


def _is_date(value: object) -> bool:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_boolean(value: object) -> bool:
    return isinstance(value, bool)


_IS: Final = {"Int": _is_integer, "Boolean": _is_boolean, "Date": _is_date, "ID": _is_text, "String": _is_text}
