"""No query reaches the network: pyoxigraph follows SERVICE to any address, and has no switch for it.

Two walls, each enough on its own: the query's text is searched for the clause, and on Linux the process that answers gives up,
for good, the system call that makes a socket.
"""

import ctypes
import platform
import re
import sys
from typing import Final

_BLANK: Final = r"(?:\s|\#[^\n\r]*+)*+"
_CLAUSE: Final = re.compile(
    rf"service {_BLANK} (?:silent {_BLANK})?+ (?: <[^>]*+> | (?: \\. | [^\s{{\#\\<] )++ ) {_BLANK} \{{",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


def federated(query: str) -> bool:
    """Whether a query may hold a SERVICE clause: the keyword, an address or variable, and a brace.

    Wherever such words stand counts, inside a literal too, so there is no way to hide the clause from the search. SPARQL
    allows any character to be written as a code point, so the query is searched as it is and with those resolved.
    """
    return any(_CLAUSE.search(text) for text in (query, _CODE_POINT.sub(_resolved, query)))


def _resolved(found: re.Match[str]) -> str:
    code = int(found[1] or found[2], 16)
    return chr(code) if code <= sys.maxunicode else found[0]


_SET_NO_NEW_PRIVILEGES: Final = 38
_SET_SECCOMP: Final = 22
_FILTER: Final = 2
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW: Final = 0x7FFF0000
_REFUSE: Final = 0x00050000 | 13  # with EACCES
_IO_URING_SETUP: Final = 425
_OTHER_ABI: Final = 0x40000000
_MACHINES: Final = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
"""How the kernel calls the machine, and the number of socket(2) there."""


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("then", ctypes.c_uint8), ("otherwise", ctypes.c_uint8), ("value", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def give_up_network() -> bool:
    """Make every later socket(2) of this process fail; whether that could be done here."""
    if not sys.platform.startswith("linux") or platform.machine() not in _MACHINES:
        return False
    machine, socket = _MACHINES[platform.machine()]
    # Offset 4 of what the filter is shown is the machine, offset 0 the number of the system call. Jumps count from the next line.
    steps = (
        (_LOAD, 0, 0, 4), (_EQUAL, 0, 5, machine), (_LOAD, 0, 0, 0), (_EQUAL, 3, 0, socket),
        (_EQUAL, 2, 0, _IO_URING_SETUP), (_AT_LEAST, 1, 0, _OTHER_ABI), (_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE),
    )  # fmt: skip
    instructions = (_Instruction * len(steps))(*(_Instruction(*step) for step in steps))
    program = _Program(len(steps), instructions)
    libc = ctypes.CDLL(None, use_errno=True)
    one, nothing = ctypes.c_ulong(1), ctypes.c_ulong(0)
    if libc.prctl(_SET_NO_NEW_PRIVILEGES, one, nothing, nothing, nothing) != 0:
        return False
    return bool(libc.prctl(_SET_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.byref(program), nothing, nothing) == 0)
