"""What schemathesis cannot know: which ids there are, and that GraphQL tells what it cannot answer by errors with codes.

Loaded by schemathesis (SCHEMATHESIS_HOOKS). Every other id that it makes up is exchanged for a real one; what is of another form
than an id stays as wrong as it was meant.
"""

from typing import Any, Final

import schemathesis
from graphql import (
    ArgumentNode,
    DocumentNode,
    IntValueNode,
    ListValueNode,
    NullValueNode,
    ObjectFieldNode,
    StringValueNode,
    Visitor,
    visit,
)

LEAFLETS: Final = tuple(f"leaflet-{name}/2020-01" for name in ("legal-considerations", "recommended-items", "security-measures"))
EDITIONS: Final = (*LEAFLETS, "iso-27001/2022", "guideline-r7-3")
REAL: Final[dict[str, tuple[str, ...]]] = {
    "edition": EDITIONS, "source": EDITIONS, "target": EDITIONS, "id": (*EDITIONS, "ms", "cs-gold-mark"),
    "resource": ("cs-gold-mark", "ms"), "framework": ("iso-27001", "guideline"), "text": ("認証", "audit"),
    "kind": ("product", "edition"), "products": ("office-365",), "certificates": ("cs-gold-mark",),
    "requirement": ("rec-3-audit",), "provision": ("rec-3-audit",), "scheme": ("cs-gold-mark",), "holder": ("ms",),
}  # fmt: skip


def real(name: str, value: Any) -> Any:
    """A real value of that name for every other one, as its length falls."""
    if isinstance(value, str) and value and name in REAL and len(value) % 2:
        return REAL[name][(len(value) + ord(value[0])) % len(REAL[name])]
    if isinstance(value, list):
        return [real(name, one) for one in value]
    if isinstance(value, dict):
        return {inner: real(inner, one) for inner, one in value.items()}
    return value


@schemathesis.hook
def map_query(_: schemathesis.HookContext, query: Any) -> Any:
    """The parameters of an address."""
    return real("", query)


@schemathesis.hook
def map_path_parameters(_: schemathesis.HookContext, path: Any) -> Any:
    """What stands in the path."""
    return real("", path)


@schemathesis.hook
def before_call(_: schemathesis.HookContext, case: schemathesis.Case[Any], __: dict[str, Any]) -> None:
    """Mend the If-Match of what is meant to fit: schemathesis has a form of its own for that header, and sends `0`."""
    fits = case.meta is not None and case.meta.generation.mode.is_positive
    if fits and case.headers.get("If-Match") == "0":
        case.headers["If-Match"] = "*"


@schemathesis.hook
def map_body(_: schemathesis.HookContext, body: Any) -> Any:
    """A posted question, or a GraphQL document."""
    return visit(body, _Real()) if isinstance(body, DocumentNode) else real("", body)


class _Real(Visitor):
    """Real ids in the arguments of a GraphQL document."""

    def enter_argument(self, node: ArgumentNode, *_: Any) -> ArgumentNode:
        return ArgumentNode(name=node.name, value=_value(node.name.value, node.value))

    def enter_object_field(self, node: ObjectFieldNode, *_: Any) -> ObjectFieldNode:
        return ObjectFieldNode(name=node.name, value=_value(node.name.value, node.value))


def _value(name: str, value: Any) -> Any:
    """A GraphQL value; every other cursor is left out, and every other Int brought within bounds, which no schema tells."""
    if isinstance(value, ListValueNode):
        return ListValueNode(values=tuple(_value(name, one) for one in value.values))
    if isinstance(value, IntValueNode) and name in {"first", "maxHops"} and int(value.value) in range(-(2**31), 2**31, 2):
        return IntValueNode(value=str(int(value.value) % 3 + 1))
    if isinstance(value, StringValueNode):
        cursor = name == "after" and len(value.value) % 2 == 0
        return NullValueNode() if cursor else StringValueNode(value=real(name, value.value))
    return value


EXPECTED: Final = frozenset({"BAD_USER_INPUT", "NOT_FOUND", "GRAPHQL_VALIDATION_FAILED", "TOO_COMPLEX", "TOO_SLOW"})


@schemathesis.check
def graphql_tells_what_it_cannot_answer(
    _: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """Nothing unexpected happens: each error of GraphQL has a code that its asker can mend, and its message in both languages.

    It stands in the place of two checks of schemathesis, which take each error for a failure of the server or of the schema.
    """
    if not response.request.url or not response.request.url.endswith("/graphql"):
        return
    assert response.status_code < 500
    for error in response.json().get("errors", []):
        told = error["extensions"]
        assert told["code"] in EXPECTED, error
        assert told["messages"]["ja"] != told["messages"]["en"], error
