"""Whether the ontology contradicts itself, asked of HermiT (OWL 2 DL) through owlready2; no served instance asks."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from kakehashi.vocabulary.files import folder
from kakehashi.vocabulary.text import ErrorCode, KakehashiError, Text

if TYPE_CHECKING:
    from rdflib import Graph

JAVA: Final = "java"
ONTOLOGY: Final = "https://w3id.org/kakehashi/ns"
NOTHING: Final = "http://www.w3.org/2002/07/owl#Nothing"

SOUND = Text("矛盾はありません。", "No contradiction was found.")
UNSATISFIABLE = Text(
    "どの個体も属することのできないクラスがあります：{classes}",
    "No individual can ever belong to these classes: {classes}",
)
CLASHING = Text(
    "互いに素なクラスの双方に属する個体があります：{clashes}",
    "Individuals belong to disjoint classes: {clashes}",
)
UNEXPLAINED = Text(
    "公理と個体が矛盾しています。個体の型、属性の定義域及び値域だけでは説明できません。",
    "The axioms and the individuals contradict one another; types, domains and ranges alone do not explain it.",
)


class JavaMissingError(KakehashiError):
    """HermiT is a Java program, and there is no `java` on the path."""

    def __init__(self) -> None:
        super().__init__(
            ErrorCode.MISSING_PROGRAM,
            Text(
                "推論器の実行に必要な Java が見つかりません。Java 実行環境を導入してください。",
                "Java, which the reasoner needs, was not found. Install a Java runtime and put `java` on the path.",
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the reasoner found.

    An inconsistent graph and an unsatisfiable class are different faults. With the first nothing else can be known, so
    `unsatisfiable` is then empty; with the second the graph is consistent as long as the class has no individual.
    """

    consistent: bool
    unsatisfiable: tuple[str, ...] = ()
    explanation: Text = SOUND

    @property
    def sound(self) -> bool:
        """Whether nothing at all is wrong."""
        return self.consistent and not self.unsatisfiable


def inconsistencies(graph: "Graph") -> Verdict:
    """Find what contradicts itself in an ontology and its individuals, given as one graph.

    Raises JavaMissingError without Java. Errors of the reasoner other than a contradiction (a datatype it does not
    support, say) pass through: they mean that the ontology is outside OWL 2 DL.
    """
    if shutil.which(JAVA) is None:
        raise JavaMissingError
    unsatisfiable = _reason(graph)
    if unsatisfiable is None:
        return Verdict(consistent=False, explanation=_explanation(graph))
    if unsatisfiable:
        explanation = UNSATISFIABLE(classes=", ".join(unsatisfiable))
        return Verdict(consistent=True, unsatisfiable=unsatisfiable, explanation=explanation)
    return Verdict(consistent=True)


def _reason(graph: "Graph") -> tuple[str, ...] | None:
    """Return the IRIs of the unsatisfiable classes, or None where the graph as a whole is inconsistent."""
    import owlready2  # noqa: PLC0415 - slow to import, and a served instance never reasons

    world = owlready2.World()
    try:
        world.get_ontology(ONTOLOGY).load(fileobj=_ntriples(graph), format="ntriples")
        with _scratch():
            owlready2.sync_reasoner_hermit(world, debug=0)
        return _unsatisfiable(world)
    except owlready2.OwlReadyInconsistentOntologyError:
        return None
    finally:
        world.close()


@contextmanager
def _scratch() -> Iterator[None]:
    """Sweep the file that owlready2 hands to HermiT: it leaves it behind whenever HermiT finds a contradiction."""
    former = tempfile.tempdir
    with tempfile.TemporaryDirectory() as folder_of_its_own:
        tempfile.tempdir = folder_of_its_own
        try:
            yield
        finally:
            tempfile.tempdir = former


def _ntriples(graph: "Graph") -> BytesIO:
    return BytesIO(graph.serialize(format="nt", encoding="utf-8"))


def _unsatisfiable(world: Any) -> tuple[str, ...]:  # noqa: ANN401 - owlready2 publishes no types
    # HermiT raises nothing for an unsatisfiable class: it is listed as equal to owl:Nothing, beside owl:Nothing itself.
    return tuple(sorted(one.iri for one in world.inconsistent_classes() if one.iri != NOTHING))


def _explanation(graph: "Graph") -> Text:
    rows = graph.query((folder() / "clashes.rq").read_text("utf-8")).bindings
    clashes = ["{individual} ({one}, {other})".format(**{str(name): term for name, term in row.items()}) for row in rows]
    return CLASHING(clashes="; ".join(clashes)) if clashes else UNEXPLAINED
