"""What leaves Kakehashi in a format of its own: RDF descriptions of single resources."""
