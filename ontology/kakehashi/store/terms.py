"""The vocabulary's terms: out of the packaged Turtle into a graph of their own, and out of that graph again."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from kakehashi.records.model import Label, Term
from kakehashi.store.codec import bracketed, quoted
from kakehashi.vocabulary.files import TERM_FILES, folder
from kakehashi.vocabulary.iris import KK, SKOS, XSD_STRING
from kakehashi.vocabulary.rdf import Blank, Iri, Lit, Triple, parse_turtle


def vocabulary_triples() -> Iterator[Triple]:
    """What the packaged files say of named terms; the class axioms that need nodes without names stay in the files."""
    for name in TERM_FILES:
        for subject, predicate, target in parse_turtle((folder() / name).read_bytes(), KK):
            if not isinstance(subject, Blank) and not isinstance(target, Blank):
                yield subject, predicate, target


def ntriples(triples: Iterable[Triple]) -> list[str]:
    """Triples as lines of N-Triples, none twice."""
    return list(dict.fromkeys(f"{bracketed(s.value)} {bracketed(p.value)} {_term(o)} ." for s, p, o in triples))


def decode_terms(triples: Iterable[Triple]) -> list[Term]:
    """The terms that have a name, by IRI."""
    names: dict[str, list[Label]] = defaultdict(list)
    definitions: dict[str, list[Label]] = defaultdict(list)
    classes: dict[str, str] = {}
    for subject, predicate, target in triples:
        if isinstance(target, Lit) and target.language is not None:
            label = Label(language=target.language, text=target.value, ours=True)
            if predicate.value == SKOS + "prefLabel":
                names[subject.value].append(label)
            elif predicate.value == SKOS + "definition":
                definitions[subject.value].append(label)
        elif predicate.value == KK + "kindOf":
            classes[subject.value] = target.value.removeprefix(KK)
    return [
        Term(
            iri=iri, labels=tuple(sorted(set(names[iri]))), definitions=tuple(sorted(set(definitions[iri]))),
            core_class=classes.get(iri),
        )
        for iri in sorted(names)
    ]  # fmt: skip


def _term(term: Iri | Lit) -> str:
    if isinstance(term, Iri):
        return bracketed(term.value)
    if term.language is not None:
        return f"{quoted(term.value)}@{term.language}"
    return quoted(term.value) if term.datatype == XSD_STRING else f"{quoted(term.value)}^^{bracketed(term.datatype)}"
