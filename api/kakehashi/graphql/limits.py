"""How large a document may be, told before it is validated: what validates and executes it is given nothing larger.

Each limit bounds a way to make a short text cost much. What a document may ask for in all is `cost`'s to say.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    IntValueNode,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
)

from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

MAX_TOKENS: Final = 5000
MAX_DEPTH: Final = 20
MAX_DIGITS: Final = 20
"""An integer of GraphQL has 32 bits, so ten digits; Python takes quadratic time to read a long one."""

TOO_MANY = Text("{what}は{limit}個までです({count}個あります)。", "There may be at most {limit} {what}; there are {count}.")
TOO_DEEP = Text(
    "項目の入れ子は{limit}段までです。問い合わせを分けてください。",
    "Fields may be nested {limit} deep. Split the query.",
)
TOO_LONG_INTEGER = Text("整数は{limit}桁までです。", "An integer may have at most {limit} digits.")


@dataclass(frozen=True, slots=True)
class _Limit:
    """How many of some nodes a document may have."""

    most: int
    what: Text
    counts: Callable[[Node], bool]


_LIMITS: Final = (
    _Limit(1000, Text("項目", "fields"), lambda node: isinstance(node, FieldNode)),
    _Limit(60, Text("別名", "aliases"), lambda node: isinstance(node, FieldNode) and node.alias is not None),
    _Limit(50, Text("ディレクティブ", "directives"), lambda node: isinstance(node, DirectiveNode)),
    _Limit(100, Text("フラグメントの参照", "fragment spreads"), lambda node: isinstance(node, FragmentSpreadNode)),
    _Limit(50, Text("フラグメント", "fragments"), lambda node: isinstance(node, FragmentDefinitionNode)),
    _Limit(20, Text("操作", "operations"), lambda node: isinstance(node, OperationDefinitionNode)),
)
_MAX_ROOT_FIELDS: Final = 50
_ROOT_FIELDS: Final = Text("一つの操作の最上位の項目", "fields at the top of an operation")


def check(document: DocumentNode) -> None:
    """An error where a document is larger than any need; it says which limit, and how far over it is."""
    nodes = list(_all(document))
    for limit in _LIMITS:
        _check_count(sum(map(limit.counts, nodes)), limit.most, limit.what)
    if any(isinstance(node, IntValueNode) and len(node.value) > MAX_DIGITS for node in nodes):
        raise KakehashiError(ErrorCode.TOO_COMPLEX, TOO_LONG_INTEGER(limit=MAX_DIGITS))
    shape = _Shape(document)
    for operation in document.definitions:
        if isinstance(operation, OperationDefinitionNode):
            _check_count(shape.width(operation.selection_set), _MAX_ROOT_FIELDS, _ROOT_FIELDS)
            if shape.depth(operation.selection_set) > MAX_DEPTH:
                raise KakehashiError(ErrorCode.TOO_COMPLEX, TOO_DEEP(limit=MAX_DEPTH))


def _check_count(count: int, most: int, what: Text) -> None:
    if count > most:
        text = Text(TOO_MANY.ja.replace("{what}", what.ja), TOO_MANY.en.replace("{what}", what.en))
        raise KakehashiError(ErrorCode.TOO_COMPLEX, text(limit=most, count=count))


def _all(document: DocumentNode) -> Iterator[Node]:
    left: list[Node] = [document]
    while left:
        node = left.pop()
        yield node
        for key in node.keys:
            value = getattr(node, key, None)
            if isinstance(value, Node):
                left.append(value)
            elif isinstance(value, tuple | list):
                left.extend(one for one in value if isinstance(one, Node))


class _Shape:
    """Depths and widths, with fragments put in where they are spread; a fragment is measured once, and a cycle ends."""

    def __init__(self, document: DocumentNode) -> None:
        named = (one for one in document.definitions if isinstance(one, FragmentDefinitionNode))
        self._fragments = {one.name.value: one.selection_set for one in named}
        self._depths: dict[str, int] = {}
        self._widths: dict[str, int] = {}

    def depth(self, found: SelectionSetNode | None) -> int:
        """How many fields stand within one another at most."""
        deepest = 0
        for selection in () if found is None else found.selections:
            if isinstance(selection, FragmentSpreadNode):
                depth = self._of(selection, self._depths, self.depth)
            else:
                depth = isinstance(selection, FieldNode) + self.depth(getattr(selection, "selection_set", None))
            deepest = max(deepest, depth)
        return deepest

    def width(self, found: SelectionSetNode) -> int:
        """How many fields stand beside one another at the top, each as often as it is written or spread."""
        fields = 0
        for selection in found.selections:
            if isinstance(selection, FragmentSpreadNode):
                fields += self._of(selection, self._widths, self.width)
            else:
                fields += 1 if isinstance(selection, FieldNode) else self.width(selection.selection_set)  # type: ignore[attr-defined]
        return fields

    def _of(self, spread: FragmentSpreadNode, known: dict[str, int], measure: Callable[[SelectionSetNode], int]) -> int:
        name = spread.name.value
        if name not in known:
            known[name] = 0
            fragment = self._fragments.get(name)
            known[name] = 0 if fragment is None else measure(fragment)
        return known[name]
