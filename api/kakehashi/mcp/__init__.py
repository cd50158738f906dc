"""Kakehashi for assistants: read-only tools over the Model Context Protocol, by stdio or streamable HTTP (docs/decisions/0023).

Every tool asks one fixed GraphQL document in this process, so that words, limits and proofs are those of the API.
"""
