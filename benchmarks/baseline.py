"""The named baseline of starting: an empty strawberry application with the same imports, no release, one trivial field."""

import sys

import strawberry
import uvicorn
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response

import kakehashi.cli.main
import kakehashi.http.app  # noqa: F401 - the same imports as the real server
from kakehashi.graphql.context import Context  # noqa: F401 - the same imports


@strawberry.type
class Query:
    """One field."""

    @strawberry.field
    def release(self) -> str:
        """Nothing."""
        return "empty"


def main() -> None:
    """Serve the empty schema."""
    schema = strawberry.Schema(query=Query)

    async def answer(_: Request) -> Response:
        result = schema.execute_sync("{ release }")
        return Response(str(result.data), media_type="application/json")

    app = FastAPI()
    app.add_route("/graphql", answer, methods=["GET", "POST"])
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")


if __name__ == "__main__":
    main()
