"""The log: one object a line on standard error, what libraries say included (docs/decisions/0024).

Of an exception the log holds its type and where it arose, never its message, which may quote a query or a private id.
"""

import logging
import logging.config
import sys
import traceback
from collections.abc import Callable, MutableMapping
from types import TracebackType
from typing import Any, Final, Literal

import orjson
import structlog

Form = Literal["json", "console"]
Line = Callable[..., None]
_Event = MutableMapping[str, Any]
_Raised = tuple[type[BaseException], BaseException, TracebackType | None]

MOST_FRAMES: Final = 12
LOUD: Final = frozenset({"uvicorn.access"})
"""Loggers whose lines would say again, with the whole address, what the line of a request says."""


def configure(form: Form, level: str) -> None:
    """Write what the standard loggers are told in this form, from this level on."""
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter, "processors": [_without_internals, *_last(form)],
        "foreign_pre_chain": [structlog.stdlib.add_logger_name, *_first(), structlog.stdlib.PositionalArgumentsFormatter()],
    }  # fmt: skip
    logging.config.dictConfig({
        "version": 1, "disable_existing_loggers": False, "formatters": {"line": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": level.upper()},
        "loggers": {name: {"propagate": False, "handlers": []} for name in LOUD},
    })  # fmt: skip


def line_writer(form: Form, level: str) -> Line:
    """What writes the lines of requests: the same form, without the detour through the standard loggers (30 µs a line)."""
    structured = structlog.wrap_logger(
        structlog.BytesLogger(sys.stderr.buffer),
        processors=[*_first(), *_last(form), _encoded],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=True,
    )

    def write(status: int, **fields: object) -> None:
        (structured.error if status >= 500 else structured.info)("request", status=status, **fields)

    return write


def _first() -> list[Any]:
    return [structlog.stdlib.add_log_level, structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"), _raised]


def _last(form: Form) -> list[Any]:
    if form == "console":
        return [structlog.dev.ConsoleRenderer(timestamp_key="time", colors=sys.stderr.isatty())]
    return [structlog.processors.JSONRenderer(serializer=_json)]


def _json(event: object, **_: object) -> str:
    return orjson.dumps(event, default=str).decode()


def _encoded(_: object, __: str, line: Any) -> bytes:  # noqa: ANN401 - the line is text by now
    return str(line).encode()


def _without_internals(_: object, __: str, event: _Event) -> _Event:
    return {name: value for name, value in event.items() if name not in {"_record", "_from_structlog"}}


def _raised(_: object, __: str, event: _Event) -> _Event:
    """An exception as its type and the places it came through, innermost last."""
    raised = event.pop("exc_info", None)
    if raised is True:
        raised = sys.exc_info()
    if isinstance(raised, BaseException):
        raised = (type(raised), raised, raised.__traceback__)
    if raised and raised[0] is not None:
        event["exception"] = raised[0].__name__
        event["at"] = [f"{frame.name}:{frame.lineno}" for frame in _frames(raised)]
    return event


def _frames(raised: _Raised) -> list[traceback.FrameSummary]:
    return traceback.extract_tb(raised[2])[-MOST_FRAMES:]
