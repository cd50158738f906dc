"""Fetches one published file over HTTP(S): bounded, resumable, cached, and never from where it must not be fetched."""

from kakehashi.pipeline.fetch.download import Fetched, fetch
from kakehashi.pipeline.fetch.failures import FetchError
from kakehashi.pipeline.fetch.known import fetch_known
from kakehashi.pipeline.fetch.limits import Limits

__all__ = ["FetchError", "Fetched", "Limits", "fetch", "fetch_known"]
