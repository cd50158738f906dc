"""The commands of whoever runs a server, beside `serve`."""

import json
import sys

from rich.markup import escape

from kakehashi.cli.app import JsonOption, LangOption, app
from kakehashi.cli.language import LANGUAGE, say
from kakehashi.cli.terminal import table


@app.command(
    help=say("設定の今の値と、その出どころを示します(秘密は伏せます)。", "Show each setting, and where its value comes from."),
    epilog=say("例: kakehashi settings --json", "Example: kakehashi settings --json"),
)
def settings(as_json: JsonOption = False, lang: LangOption = None) -> None:
    """Show the effective settings."""
    from kakehashi.cli.settings_list import effective  # noqa: PLC0415 - only this command lists them

    if as_json:
        found = {one.name: {"value": one.value, "origin": one.origin.en} for one in effective()}
        sys.stdout.write(json.dumps(found, ensure_ascii=False, indent=2) + "\n")
        return
    headings = (say("設定", "Setting"), say("値", "Value"), say("出どころ", "From"), say("意味", "Meaning"))
    rows = [
        (one.name, escape(one.value), one.origin.in_language(LANGUAGE), one.meaning.in_language(LANGUAGE)) for one in effective()
    ]
    table(headings, rows)
