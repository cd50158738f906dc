"""Texts as people read them: each place for a parameter shows its value, else its label in brackets."""

import re
from typing import Final

from kakehashi.sources.oscal.model import Parameter, plain, told

MAX_ADDED: Final = 16 * 1024 * 1024
"""How many characters all insertions of a document may add, so that a small file cannot grow without bound."""

_INSERT: Final = re.compile(r"\{\{\s*insert:\s*param,\s*([^\s{}]+)\s*\}\}")


class Prose:
    """The texts of a document, once its parameters are known."""

    def __init__(self) -> None:
        self._parameters: dict[str, Parameter] = {}
        self._shown: dict[str, str] = {}
        self._left = MAX_ADDED

    def learn(self, parameter: Parameter) -> None:
        """Remember a parameter; the first of an id holds."""
        self._parameters.setdefault(plain(parameter.id), parameter)

    def text(self, value: object) -> str:
        """A text with its parameters in place; what is unknown stays as it was written."""
        text = value.strip() if isinstance(value, str) else ""
        return _INSERT.sub(self._inserted, text) if "{{" in text else text

    def meaning(self, parameter: Parameter) -> str:
        """What a parameter stands for: its label, else its choices; empty where neither says anything."""
        if label := told(parameter.label):
            return label
        choices = "; ".join(_INSERT.sub(self._label, plain(one)) for one in parameter.select.choice)
        how_many = plain(parameter.select.how_many)
        return f"{how_many}: {choices}" if how_many and choices else choices

    def _inserted(self, found: re.Match[str]) -> str:
        name = found[1]
        if name not in self._shown:
            self._shown[name] = self._show(name)
        return self._within_bounds(self._shown[name], found[0])

    def _show(self, name: str) -> str:
        parameter = self._parameters.get(name)
        if parameter is None:
            return ""
        values = ", ".join(plain(value) for value in parameter.values)
        meaning = values or self.meaning(parameter)
        return values or (f"[{meaning}]" if meaning else "")

    def _label(self, found: re.Match[str]) -> str:
        """A parameter within a choice shows its label only, so that choices of choices end."""
        parameter = self._parameters.get(found[1])
        label = told(parameter.label) if parameter is not None else ""
        return self._within_bounds(f"[{label}]" if label else "", found[0])

    def _within_bounds(self, shown: str, written: str) -> str:
        if not shown or len(shown) > self._left:
            return written
        self._left -= len(shown)
        return shown
