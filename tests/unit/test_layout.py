"""What the layout promises."""

from pathlib import Path

from kakehashi.crosswalk.meanings import MEANINGS
from kakehashi.graphql.schema import build_schema
from kakehashi.pipeline.words import words_of
from kakehashi.store.terms import vocabulary_triples
from kakehashi.vocabulary.lint import findings

ROOT = Path(__file__).parents[2]
SOURCE_ROOTS = ("ontology", "mappings", "loaders", "api")


def test_the_namespace_has_no_init() -> None:
    assert not [root for root in SOURCE_ROOTS if (ROOT / root / "kakehashi" / "__init__.py").exists()]


def test_the_committed_schema_is_the_served_one() -> None:
    committed = (ROOT / "api" / "schema.graphql").read_text("utf-8")
    assert committed == build_schema().as_str() + "\n", "run: python -m kakehashi.graphql.sdl > api/schema.graphql"


def test_every_type_and_field_of_the_schema_is_described() -> None:
    definitions = build_schema()._schema.type_map
    for name, definition in definitions.items():
        if not name.startswith("__"):
            assert definition.description, name
            for field_name, field in getattr(definition, "fields", {}).items():
                assert field.description, f"{name}.{field_name}"


def test_every_predicate_of_the_vocabulary_has_a_meaning_and_no_other() -> None:
    assert set(MEANINGS) == set(words_of(vocabulary_triples()).value_types)


def test_the_ontology_has_no_lint_finding() -> None:
    assert findings() == []
