"""What an answer was given under, as a GraphQL type."""

from datetime import date

import strawberry

from kakehashi.crosswalk.given import View
from kakehashi.records.values import Authority


@strawberry.type(description="What an answer was given under: whose statements count, how long chains may be, and the day.")
class AnswerView:
    """A view."""

    seen: strawberry.Private[View]

    @strawberry.field(description="The day that the answer is judged at. Statements carry no validity of their own yet.")
    def as_of(self) -> date:
        """The day."""
        return self.seen.as_of

    @strawberry.field(description="The authorities that count, the strongest first.")
    def authorities(self) -> list[Authority]:
        """The authorities."""
        return [one for one in Authority if one in self.seen.authorities]

    @strawberry.field(description="The longest chain of statements that the answer rests on.")
    def max_hops(self) -> int:
        """The length."""
        return self.seen.hops
