"""Help in the user's language: typer's own words, lines that fold instead of losing their end, commands in the order of work."""

from typing import TYPE_CHECKING, Final

import typer
from rich.text import Text
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup
from typer.models import CommandInfo

from kakehashi.cli.language import say

if TYPE_CHECKING:
    from typer._click.core import Command as _Base
    from typer._click.core import Context
    from typer.core import TyperOption
else:
    _Base = object

ORDER: Final = (
    "build", "load", "unload", "sources", "formats", "releases", "rollback", "diff",
    "coverage", "gaps", "close-gaps", "threats", "lint-mappings", "show", "query", "sparql", "export-graph",
    "serve", "mcp", "keys", "build-imports", "settings", "check",
)  # fmt: skip
"""The commands as work goes: what is served, what is asked of it, and running it."""


class _InTheUsersLanguage(_Base):
    """What typer says of every command in English alone, whatever the locale."""

    def get_usage(self, ctx: "Context") -> str:
        """The usage line."""
        return super().get_usage(ctx).replace("Usage:", say("使い方:", "Usage:"), 1)

    def get_help_option(self, ctx: "Context") -> "TyperOption | None":
        """The help option."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = say("この説明を表示して終了", "Show this message and exit.")
        return option


class Command(_InTheUsersLanguage, TyperCommand):
    """A command."""


class Group(_InTheUsersLanguage, TyperGroup):
    """The commands together, in the order of work."""

    def list_commands(self, ctx: "Context") -> list[str]:
        """The names of the commands; those of a group within stand as they were made."""
        return sorted(super().list_commands(ctx), key=lambda name: ORDER.index(name) if name in ORDER else 0)


class _Folding(rich_utils.OptionHighlighter):
    """Highlights, and folds: a Japanese sentence is one word to rich, which would end it with an ellipsis in a narrow column."""

    def highlight(self, text: Text) -> None:
        """Highlight a text."""
        super().highlight(text)
        text.overflow = "fold"


def arrange(app: typer.Typer) -> None:
    """Give an application and typer's words this help."""
    app.registered_commands.sort(key=lambda one: ORDER.index(name_of(one)))
    within = (group.typer_instance for group in app.registered_groups)
    for command in [*app.registered_commands, *(one for group in within if group for one in group.registered_commands)]:
        command.cls, command.options_metavar = Command, say("[オプション]", "[OPTIONS]")
    rich_utils.highlighter = _Folding()
    rich_utils.ARGUMENTS_PANEL_TITLE = say("引数", "Arguments")
    rich_utils.OPTIONS_PANEL_TITLE = say("オプション", "Options")
    rich_utils.COMMANDS_PANEL_TITLE = say("コマンド", "Commands")
    rich_utils.ERRORS_PANEL_TITLE = say("エラー", "Error")
    rich_utils.DEFAULT_STRING = say("[既定: {}]", "[default: {}]")
    rich_utils.REQUIRED_LONG_STRING = say("[必須]", "[required]")
    rich_utils.ABORTED_TEXT = say("中止しました。", "Aborted.")
    rich_utils.RICH_HELP = say(
        "説明は [blue]'{command_path} {help_option}'[/] で表示されます。", "Try [blue]'{command_path} {help_option}'[/] for help."
    )


def name_of(command: CommandInfo) -> str:
    """What a command is called on the command line."""
    return command.name or getattr(command.callback, "__name__", "").replace("_", "-")
