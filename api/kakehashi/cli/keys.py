"""`kakehashi keys`: make, list and revoke the API keys of a home. A running server takes a change up by itself."""

import sys
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec
import typer
from rich.markup import escape

from kakehashi.cli.access import keys_of
from kakehashi.cli.app import HomeOption, JsonOption, LangOption, app, home_of
from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.terminal import ERR, OUT, table
from kakehashi.cli.usage import Group
from kakehashi.http.keys import ApiKey, KeyBook
from kakehashi.http.scopes import READ, SCOPES

DAYS: Final = 365

keys: Final = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    options_metavar=say("[オプション]", "[OPTIONS]"),
    subcommand_metavar=say("コマンド [引数]...", "COMMAND [ARGS]..."),
    help=say("APIキーを作り、一覧し、取り消します。", "Make, list and revoke API keys."),
    epilog=say("例: kakehashi keys create 分析用 --scope read", "Example: kakehashi keys create reporting --scope read"),
)
app.add_typer(keys, name="keys")

SCOPE_HELP: Final = "; ".join(f"{scope}: {meaning.in_language(LANGUAGE)}" for scope, meaning in SCOPES.items())


@keys.command(
    help=say("キーを作ります。キーそのものは、このとき一度だけ示します。", "Make a key. The key itself is shown this once."),
    epilog=say(
        "例: kakehashi keys create 担当者 --scope private:read --organisation 例示市教育委員会",
        "Example: kakehashi keys create adviser --scope private:read --organisation 'Example City'",
    ),
)
def create(
    name: Annotated[
        str, typer.Argument(metavar=say("名前", "NAME"), help=say("誰の、何のためのキーか", "Whose key it is, and what for"))
    ],
    scope: Annotated[list[str] | None, typer.Option(help=say(f"権限。{SCOPE_HELP}", f"A scope. {SCOPE_HELP}"))] = None,
    organisation: Annotated[
        list[str] | None,
        typer.Option(
            help=say("非公開の評価を扱える組織(評価での名称)", "An organisation whose assessments it is for, as they name it")
        ),
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help=say("有効な日数", "For how many days it holds"))] = DAYS,
    as_json: JsonOption = False,
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Make a key."""
    key, text = keys_of(home_of(home)).create(name, scope or [READ], organisation or (), days)
    if as_json:
        _write({"key": text} | _told(key, None))
        return
    expires = f"{key.expires:%Y-%m-%d}"
    ERR.print(
        say(
            f"次のキーは二度と表示されません。{expires} まで有効です。取り消すには: kakehashi keys revoke {key.id}",
            f"This key is not shown again. It holds until {expires}. To revoke it: kakehashi keys revoke {key.id}",
        )
    )
    sys.stdout.write(f"{text}\n")


@keys.command(
    "list",
    help=say("キーの一覧を示します。", "List the keys."),
    epilog=say("例: kakehashi keys list", "Example: kakehashi keys list"),
)
def list_command(as_json: JsonOption = False, home: HomeOption = None, lang: LangOption = None) -> None:
    """List the keys."""
    book = keys_of(home_of(home))
    found = list(book.keys().values())
    if as_json:
        _write([_told(key, book.last_used(key.id)) for key in found])
        return
    headings = (
        "ID", say("名前", "Name"), say("権限", "Scopes"), say("組織", "Organisations"), say("期限", "Expires"),
        say("最終使用", "Last used"),
    )  # fmt: skip
    table(headings, [_row(key, book) for key in found])


@keys.command(
    help=say("キーを取り消します。すぐに使えなくなります。", "Revoke a key; from now on it does not hold."),
    epilog=say("例: kakehashi keys revoke 1a2B3c4D", "Example: kakehashi keys revoke 1a2B3c4D"),
)
def revoke(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help=say("キーのID(一覧にあるもの)", "The key's id, as the list has it"))
    ],
    home: HomeOption = None,
    lang: LangOption = None,
) -> None:
    """Revoke a key."""
    key = keys_of(home_of(home)).revoke(identifier)
    OUT.print(
        escape(say(f"キー {key.id}({key.name})を取り消しました。", f"Key {key.id} ({key.name}) is revoked.")), highlight=False
    )


def _row(key: ApiKey, book: KeyBook) -> tuple[str, ...]:
    texts = (key.id, key.name, "\n".join(key.scopes), "\n".join(key.organisations))
    return (*map(escape, texts), _end(key), _day(book.last_used(key.id)))


def _end(key: ApiKey) -> str:
    """Until when it holds, or since when no longer."""
    return _day(key.expires) if key.revoked is None else say(f"{_day(key.revoked)} 取消", f"revoked {_day(key.revoked)}")


def _day(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment:%Y-%m-%d}"


def _told(key: ApiKey, used: datetime | None) -> dict[str, Any]:
    """A key without its digest, which is nobody's business."""
    told: dict[str, Any] = msgspec.to_builtins(key)
    del told["digest"]
    return told | {"last_used": used}


def _write(document: object) -> None:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(document)).decode() + "\n")
