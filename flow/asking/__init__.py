"""Questions to a finished run: sums, tables, proofs and the way forward."""
