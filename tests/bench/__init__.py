"""Benches: run by hand with `python -m tests.bench.NAME`; each writes its table to tests/bench/results/NAME.md."""
