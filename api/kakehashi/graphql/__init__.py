"""The GraphQL schema: types over the snapshot, resolvers of a few lines, errors with codes in two languages."""
