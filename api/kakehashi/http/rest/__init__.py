"""REST beside GraphQL: each route asks one GraphQL document of ours, and computes nothing itself (docs/decisions/0020)."""
