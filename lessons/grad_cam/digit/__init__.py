"""A small network that has learnt to read digits, and what it says of one."""
