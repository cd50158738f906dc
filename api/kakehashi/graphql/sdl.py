"""Prints the schema's SDL: `python -m kakehashi.graphql.sdl > api/schema.graphql` after a change."""

import sys

from kakehashi.graphql.schema import build_schema


def main() -> None:
    """Print it."""
    sys.stdout.write(build_schema().as_str() + "\n")


if __name__ == "__main__":
    main()
