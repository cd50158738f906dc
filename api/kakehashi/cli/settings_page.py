"""The page of docs/ that lists the settings: python -m kakehashi.cli.settings_page LANGUAGE."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final, Literal, Union, get_args, get_origin

from annotated_types import Ge, Gt, Le
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from kakehashi.cli.settings import Settings
from kakehashi.cli.settings_list import meaning, shown
from kakehashi.cli.settings_sources import PREFIX
from kakehashi.vocabulary.text import Text

TITLE: Final = Text("# 設定", "# Settings")
HEAD: Final = Text(
    """\
一つの設定には、次の順に値が決まります(上ほど強い)。

1. コマンドのオプション
2. 環境変数 `KAKEHASHI_…`
3. 秘密のファイル: フォルダ `KAKEHASHI_SECRETS`(既定は `/run/secrets`)の `kakehashi_…`。例: `kakehashi_store_password`
4. 設定ファイル: `KAKEHASHI_CONFIG` が指すTOML。名前は小文字で、`KAKEHASHI_` を付けません。例: `workers = 2`
5. 既定

知らない名前は、近い名前を添えて拒みます。`kakehashi settings` は、今の値とその出どころを示します(秘密は伏せます)。""",
    """\
A setting's value is decided in this order, strongest first:

1. an option of the command
2. the environment: `KAKEHASHI_…`
3. a secret file: `kakehashi_…` in the folder `KAKEHASHI_SECRETS` (else `/run/secrets`), for example `kakehashi_store_password`
4. the settings file: the TOML file that `KAKEHASHI_CONFIG` names; names are in small letters and without `KAKEHASHI_`, as in
   `workers = 2`
5. the default

An unknown name is refused, with the nearest known one. `kakehashi settings` prints the effective values and where each comes
from; secrets are masked.""",
)
COLUMNS: Final = Text("| 変数 | 意味 | 値 | 既定 |", "| variable | meaning | value | default |")
MADE: Final = "<!-- python -m kakehashi.cli.settings_page {language} -->"
KINDS: Final[Mapping[object, Text]] = {
    bool: Text("true、false", "true, false"), int: Text("整数", "whole number"), float: Text("数", "number"),
    str: Text("文字列", "text"), Path: Text("パス", "path"), SecretStr: Text("秘密", "secret"),
    tuple: Text("JSONの配列", "JSON list"),
}  # fmt: skip


def page(language: str) -> str:
    """The page of docs/ on settings."""
    rows = [_row(name, field, language) for name, field in Settings.model_fields.items()]
    head = [MADE.format(language=language), TITLE.in_language(language), "", HEAD.in_language(language), ""]
    return "\n".join([*head, COLUMNS.in_language(language), "|---|---|---|---|", *rows, ""])


def _row(name: str, field: FieldInfo, language: str) -> str:
    default = shown(field.get_default(call_default_factory=True))
    cells = (
        f"`{PREFIX}{name.upper()}`",
        meaning(name).in_language(language),
        _values(field, language),
        default and f"`{default}`",
    )
    return f"| {' | '.join(cells)} |"


def _values(field: FieldInfo, language: str) -> str:
    """What a setting may be: its kind and its bounds."""
    kind, bounds = _bare(field.annotation), (*field.metadata, *_inner(field.annotation))
    if get_origin(kind) is Literal:
        return ", ".join(f"`{one}`" for one in get_args(kind))
    return " ".join([KINDS[get_origin(kind) or kind].in_language(language), *_bounds(bounds)])


def _bounds(found: tuple[object, ...]) -> Iterator[str]:
    for one in found:
        if isinstance(one, Gt):
            yield f"> {one.gt}"
        elif isinstance(one, Ge):
            yield f"≥ {one.ge}"
        elif isinstance(one, Le):
            yield f"≤ {one.le}"
        elif isinstance(one, FieldInfo):
            yield from _bounds(tuple(one.metadata))


def _bare(annotation: object) -> object:
    """A type without what it is annotated with, and without None."""
    if get_origin(annotation) is Annotated:
        return _bare(get_args(annotation)[0])
    parts = [part for part in get_args(annotation) if part is not type(None)]
    return _bare(parts[0]) if _is_union(annotation) and len(parts) == 1 else annotation


def _inner(annotation: object) -> tuple[object, ...]:
    """What the type inside `X | None` is annotated with."""
    return tuple(one for part in get_args(annotation) if get_origin(part) is Annotated for one in get_args(part)[1:])


def _is_union(annotation: object) -> bool:
    return get_origin(annotation) is Union or type(annotation).__name__ == "UnionType"


if __name__ == "__main__":
    sys.stdout.write(page(sys.argv[1]))
