"""From files to a served release: read, check, validate, store, compile, switch. All or nothing."""
