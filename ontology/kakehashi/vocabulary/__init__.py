"""The words: IRIs, the core ontology, value lists, SHACL shapes, the JSON-LD context, and texts in two languages."""
