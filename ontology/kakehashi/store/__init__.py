"""Quads and SPARQL: how records stand in RDF, the port of a store, and the store embedded in this process."""
