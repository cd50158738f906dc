"""What CISO Assistant's urns name: `urn:<packager>:risk:<type>:<namespace>:<tail>`, compared without regard to case."""

from dataclasses import dataclass, field, replace
from typing import Final

from kakehashi.records.model import Label
from kakehashi.sources.naming import Work, unknown_work, work_called

SCHEME: Final = "ciso"
EDITION: Final = "ciso-assistant"
"""The edition of a framework that is not registered: an urn tells none, and a mapping set knows nothing but the urn."""


def _labels(ja: str, en: str) -> tuple[Label, ...]:
    return Label(language="ja", text=ja, ours=True), Label(language="en", text=en, ours=True)


_COLLECTIONS: Final = {
    "function": ("ciso-assistant-controls", _labels("CISO Assistant の参照管理策", "Reference controls of CISO Assistant")),
    "threat": ("ciso-assistant-threats", _labels("CISO Assistant の脅威", "Threats of CISO Assistant")),
}
"""What reference controls and threats belong to, by the type in their urns."""


def name_in(urn: str, *types: str) -> str | None:
    """What follows the type in an urn of one of some types; None for any other text."""
    parts = urn.strip().casefold().split(":", 4)
    if len(parts) < 5 or parts[0] != "urn" or parts[2] != "risk" or parts[3] not in types:
        return None
    return parts[4] or None


def member_in(urn: str, *types: str) -> tuple[str, str] | None:
    """The namespace and the tail of an urn of one of some types; None where it has not both."""
    namespace, _, tail = (name_in(urn, *types) or "").partition(":")
    return (namespace, tail) if namespace and tail else None


@dataclass(slots=True)
class Names:
    """The works and ids that urns stand for; each is looked up once a library."""

    works: dict[str, Work] = field(default_factory=dict)
    _nodes: dict[str, str | None] = field(default_factory=dict)

    def framework(self, name: str) -> Work:
        """The work of a framework, known or not."""
        if name not in self.works:
            self.works[name] = work_called(SCHEME, name) or unknown_work(name, EDITION, name, spelling="caseless")
        return self.works[name]

    def collection(self, kind: str, namespace: str) -> Work:
        """The work of a collection of reference controls ("function") or threats ("threat")."""
        called = f"{kind}:{namespace}"
        if called not in self.works:
            framework, labels = _COLLECTIONS[kind]
            unknown = replace(unknown_work(framework, namespace, namespace, spelling="caseless"), framework_labels=labels)
            self.works[called] = work_called(SCHEME, called) or unknown
        return self.works[called]

    def node(self, urn: str) -> str | None:
        """The id of the provision that an urn of a node stands for; None where it is no such urn."""
        if urn not in self._nodes:
            found = member_in(urn, "req_node")
            self._nodes[urn] = self.framework(found[0]).provision(found[1]) if found else None
        return self._nodes[urn]
