"""What holds for every test."""

from hypothesis import settings

settings.register_profile("busy", deadline=None)  # a loaded machine is slow, not wrong
settings.load_profile("busy")
