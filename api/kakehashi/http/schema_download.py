"""`/schema.graphql`: the schema as SDL, for tools that make clients of it."""

import hashlib
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

import strawberry
from starlette.requests import Request
from starlette.responses import Response

from kakehashi.http.negotiation import is_named


@dataclass(frozen=True, slots=True)
class SchemaDownload:
    """The handler of /schema.graphql."""

    content: bytes
    etag: str

    @classmethod
    def of(cls, schema: strawberry.Schema) -> Self:
        """The handler for a schema, which stays the same as long as the process lives."""
        content = (schema.as_str() + "\n").encode()
        return cls(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')

    async def __call__(self, request: Request) -> Response:
        """The SDL, or that the asker has it already."""
        headers = {"ETag": self.etag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if is_named(self.etag, request.headers.get("if-none-match")):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        return Response(self.content, media_type="application/graphql; charset=utf-8", headers=headers)
