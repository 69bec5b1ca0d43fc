"""What holds for every test."""

from hypothesis import settings

# A loaded machine is slow, not wrong; `make fuzz` looks for new examples, the others repeat.
settings.register_profile("repeatable", deadline=None, derandomize=True)
settings.load_profile("repeatable")
