"""Why graphql-core has to answer."""


class NotCompilableError(Exception):
    """The operation holds something that no plan is made of."""


class AbandonedError(Exception):
    """A plan met something that is an error, or may be: graphql-core finds out what it is."""
