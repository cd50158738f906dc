"""The GraphQL schema: types over the snapshot, resolvers of a few lines, errors with codes in two languages.

The enums are named before all else: a type that uses one that has no name yet would define it a second time.
"""

from kakehashi.graphql import enums as enums
