"""Our own template: a private framework or mapping in one workbook, or in CSV files that lie in one folder (docs/template.md)."""

from typing import Final

from kakehashi.sources.format import Bundle, Format, Reading
from kakehashi.sources.naming import Work, records_of
from kakehashi.sources.template import assessments
from kakehashi.sources.template.about import read_about
from kakehashi.sources.template.framework import FrameworkReader
from kakehashi.sources.template.mapping import MappingReader
from kakehashi.sources.template.sheets import gathered, recognises, together
from kakehashi.vocabulary.text import Text


def read(bundle: Bundle) -> Reading:
    """One source: what it says of itself, its framework where it has one, its mapping where it has one."""
    reading = Reading()
    tables = gathered(bundle, reading)
    about = read_about(bundle, tables, FORMAT, reading)
    if about.named:
        reading.add(about.source)
    if about.publisher is not None:
        reading.add(about.publisher.record(about.source.id))
    framework, works = FrameworkReader(reading, about), dict[Work, tuple[str, ...]]()
    if tables.framework is not None:
        framework.read(tables.framework)
        works[about.own] = tuple(framework.provisions)
    if tables.mapping is not None:
        MappingReader(reading, about, framework.provisions).read(tables.mapping)
        works |= {work: () for work in (about.subject, about.target) if work.labels and work not in works}
    for record in records_of(works, about.source.id):
        reading.add(record)
    return reading


FORMAT: Final = Format(
    name="template",
    version="1",
    title=Text("Kakehashiのひな型(Excel、CSV)", "Kakehashi's template (Excel or CSV)"),
    recognises=recognises,
    read=read,
    together=together,
)

FORMATS: Final = (assessments.FORMAT, FORMAT)
