"""What is to go: until when it is kept, and what to use instead. The SDL says so in one form, which a test holds it to.

The promise (docs/decisions/0021-schema-conventions.md): what is deprecated stays for three months at least, and its day is a
first of January, April, July or October, so that clients can plan.
"""

from datetime import date
from typing import Any, Final

import strawberry

FIRST_CHANGES: Final = date(2027, 4, 1)
"""The day until which what was superseded by filters, orders and search is kept."""


def reason(use: str, until: date = FIRST_CHANGES, why: str = "another argument does the same") -> str:
    """The reason that the SDL gives."""
    return f"{why}; remove after {until.isoformat()}; use {use}"


def superseded(use: str, until: date = FIRST_CHANGES) -> Any:  # noqa: ANN401 - what strawberry takes in Annotated
    """An argument that another one replaces."""
    return strawberry.argument(description="Superseded: see what its deprecation names.", deprecation_reason=reason(use, until))
