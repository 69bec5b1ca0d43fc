"""A training below the run: done while one looks, then seen step by step."""
