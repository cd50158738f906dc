"""A release in memory: compiled from the store once, saved beside it, loaded by everything that answers."""
