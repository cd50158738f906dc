"""Benchmarks, run by hand with `make bench`; `docs/benchmarks.md` holds a run's results."""
