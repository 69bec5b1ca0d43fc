"""The experiment of this visitor: one value in the session, mirrored in the address."""

from __future__ import annotations

from pages.parts.experiment import DEFAULT, Experiment, from_url
from pages.parts.mirror import Mirror

PLAYGROUND = Mirror("experiment", DEFAULT, from_url, Experiment.to_url)

follow_address = PLAYGROUND.follow
current = PLAYGROUND.current
change = PLAYGROUND.change
replace_with = PLAYGROUND.replace_with
settle = PLAYGROUND.settle
write_address = PLAYGROUND.write_address
problems = PLAYGROUND.problems
link = PLAYGROUND.link
