"""What `benchmarks.serving` compares: python -m benchmarks.serving_apps NAME HOME PORT. All run under the same uvicorn."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import orjson
import strawberry
import uvicorn
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry.fastapi import BaseContext, GraphQLRouter

from kakehashi.graphql.context import Context
from kakehashi.graphql.resources import Edition, Entity, Framework, MappingSet
from kakehashi.graphql.schema import Query
from kakehashi.http.app import create_app
from kakehashi.snapshot.home import Home
from kakehashi.snapshot.model import Snapshot
from kakehashi.snapshot.repository import repository_of
from kakehashi.snapshot.saved import load_current

EDITION: Final = "nist-sp-800-53/rev5"
FIELDS: Final = "id iri kind notation prefLabel { value }"


def main() -> None:
    """Serve one of them."""
    name, home, port = sys.argv[1:]
    uvicorn.run(APPS[name](Path(home)), host="127.0.0.1", port=int(port), log_level="critical", access_log=False)


def ours(home: Path) -> Any:  # noqa: ANN401 - an ASGI application
    """The real application."""
    return create_app(Home(home), repository_of(Home(home)))


def stock(home: Path) -> Any:  # noqa: ANN401 - an ASGI application
    """Strawberry's own router over the same types and the same snapshot, as its documentation sets it up."""
    snapshot = snapshot_of(home)

    class Surroundings(BaseContext):
        """What resolvers look at; strawberry wants a class of its own."""

        def __init__(self) -> None:
            super().__init__()
            context = Context(snapshot)
            self.snapshot, self.wishes, self.today = snapshot, context.wishes, context.today
            self.deadline, self.private = context.deadline, context.private

        def check_deadline(self) -> None:
            Context.check_deadline(self)  # type: ignore[arg-type]

    schema = strawberry.Schema(query=Query, types=[Entity, Framework, Edition, MappingSet])
    app = FastAPI()
    app.include_router(GraphQLRouter(schema, context_getter=Surroundings), prefix="/graphql")
    return app


def plain(home: Path) -> Any:  # noqa: ANN401 - an ASGI application
    """A Starlette route for each number of nodes, that serialises ready-made objects with orjson and looks at nothing."""
    snapshot = snapshot_of(home)

    def route(first: int) -> Route:
        found = [_row(snapshot, one) for one in snapshot.editions[EDITION].provisions[:first]]
        body = {"data": {"resource": {"provisions": {"nodes": found}}}}

        async def answer(request: Request) -> Response:
            await request.body()
            return Response(orjson.dumps(body), media_type="application/json")

        return Route(f"/{first}", answer, methods=["POST"])

    return Starlette(routes=[route(100), route(1000)])


def _row(snapshot: Snapshot, identifier: str) -> Mapping[str, Any]:
    record = snapshot.resources[identifier]
    by_language = {label.language: label.text for label in record.labels}
    name = by_language.get("ja") or by_language.get("en")
    return {
        "id": record.id, "iri": snapshot.ids.iri(record.id), "kind": record.kind, "notation": record.notation,
        "prefLabel": {"value": name},
    }  # fmt: skip


def snapshot_of(home: Path) -> Snapshot:
    """What a home serves."""
    return load_current(Home(home), repository_of(Home(home)))


APPS: Final[Mapping[str, Callable[[Path], Any]]] = {"ours": ours, "stock": stock, "plain": plain}

if __name__ == "__main__":
    main()
