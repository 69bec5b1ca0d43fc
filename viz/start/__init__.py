"""The living example on the start page: one small run, told step by step."""
