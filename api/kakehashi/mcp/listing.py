"""Prints the tools as assistants are shown them: `python -m kakehashi.mcp.listing > api/mcp-tools.json` after a change."""

import json
import sys

from kakehashi.graphql.schema import build_schema
from kakehashi.mcp.tools import TOOLS


def listing() -> str:
    """The list of tools as JSON."""
    schema = build_schema()._schema  # noqa: SLF001 - strawberry shows it nowhere else
    tools = [tool.listed(schema).model_dump(mode="json", by_alias=True, exclude_none=True) for tool in TOOLS.values()]
    return json.dumps(tools, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Print it."""
    sys.stdout.write(listing())


if __name__ == "__main__":
    main()
