"""What can go wrong.

ClientError
├── UnreachableError        no answer came
├── UnexpectedAnswerError   what came is no answer of this API
├── GraphQLError            GraphQL answered with errors
├── ImportFailedError       an import ended without being taken in
└── ProblemError            the server said what is wrong (RFC 9457)
    ├── RefusedError        the question cannot be answered as it is
    ├── NotAllowedError     the key is missing, does not hold, or does not suffice
    ├── NotFoundError       there is nothing with the id, or at the address
    ├── BusyError           too many requests, or no release yet: later it may be answered
    └── ServerError         the mistake is the server's
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from kakehashi.client.imports import ImportJob


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One of several faults, at a parameter or at a JSON pointer into the body."""

    detail: str
    messages: dict[str, str] = {}
    parameter: str | None = None
    pointer: str | None = None


class Problem(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the server said."""

    type: str = "about:blank"
    title: str = ""
    status: int
    code: str = ""
    detail: str = ""
    messages: dict[str, str] = {}
    errors: tuple[Fault, ...] = ()
    request_id: str | None = None


class ClientError(Exception):
    """Whatever goes wrong in asking."""


class UnreachableError(ClientError):
    """No answer came: no connection, a time limit, a connection that broke."""


class UnexpectedAnswerError(ClientError):
    """What came is no answer of this API: another server's, or one of another version."""


class GraphQLError(ClientError):
    """GraphQL's errors, as they came; `data` is what was answered besides."""

    def __init__(self, errors: list[dict[str, Any]], data: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        super().__init__("; ".join(str(one.get("message", "")) for one in errors))
        self.errors, self.data = errors, data


class ImportFailedError(ClientError):
    """An import that was refused or failed; `job` is what the server tells of it."""

    def __init__(self, job: ImportJob) -> None:
        super().__init__(f"import {job.id}: {job.state}")
        self.job = job


class ProblemError(ClientError):
    """The server said what is wrong."""

    def __init__(self, problem: Problem) -> None:
        faults = "".join(f"\n  {one.parameter or one.pointer or ''}: {one.detail}" for one in problem.errors)
        super().__init__(f"{problem.status} {problem.detail or problem.title}{faults}")
        self.problem = problem


class RefusedError(ProblemError):
    """The question cannot be answered as it is."""


class NotAllowedError(ProblemError):
    """The key is missing, does not hold, or does not suffice."""


class NotFoundError(ProblemError):
    """There is nothing with the id, or at the address."""


class BusyError(ProblemError):
    """Too many requests, or no release yet: later it may be answered."""


class ServerError(ProblemError):
    """The mistake is the server's."""


_KINDS: Mapping[int, type[ProblemError]] = {
    401: NotAllowedError, 403: NotAllowedError, 404: NotFoundError, 429: BusyError, 503: BusyError,
}  # fmt: skip


def problem_of(status: int, content: bytes) -> ProblemError:
    """The error of a status; what the body says where it is a problem."""
    kind = _KINDS.get(status, ServerError if status >= 500 else RefusedError)
    try:
        found = msgspec.json.decode(content, type=Problem)
    except msgspec.DecodeError:
        found = Problem(status=status)
    return kind(found)
