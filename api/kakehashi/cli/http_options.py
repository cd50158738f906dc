"""The limits of the web application, from the settings."""

from kakehashi.cli.settings import Settings
from kakehashi.http.options import HttpOptions


def http_options() -> HttpOptions:
    """What is set of the limits, of the documents that are trusted and of the sites that may read."""
    found = Settings()
    return HttpOptions(
        trusted_documents=found.trusted_documents, trusted_only=found.trusted_only, rate_limit=found.rate_limit,
        rate_limit_storage=found.rate_limit_storage.get_secret_value(), places=found.places, time_limit=found.time_limit,
        origins=tuple(one.strip() for one in found.origins.split(",") if one.strip()),
    )  # fmt: skip
