"""The experiment of this visitor: one value in the session, mirrored in the address."""

from __future__ import annotations

from experiment.address import Experiment, from_address, to_address
from pages.parts.mirror import Mirror

PLAYGROUND = Mirror("experiment", Experiment(), from_address, to_address)

follow_address = PLAYGROUND.follow
current = PLAYGROUND.current
change = PLAYGROUND.change
replace_with = PLAYGROUND.replace_with
settle = PLAYGROUND.settle
write_address = PLAYGROUND.write_address
problems = PLAYGROUND.problems
link = PLAYGROUND.link
