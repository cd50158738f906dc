"""CISO Assistant libraries (YAML): frameworks, reference controls, threats, and mapping sets in both of their shapes."""

from kakehashi.sources.ciso_assistant.libraries import FORMAT

__all__ = ["FORMAT"]
