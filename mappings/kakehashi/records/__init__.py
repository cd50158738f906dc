"""The frozen records that every part speaks in: resources, statements, editions, sources."""
