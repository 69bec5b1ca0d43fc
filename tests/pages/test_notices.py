"""What is odd about a run stands above it in one box; the rest can be unfolded."""

from __future__ import annotations

from experiment.written.address import Experiment, to_address
from experiment.written.pasted import Pasted, read
from tests.pages.test_playground_page import opened

TWICE = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.one = nn.Linear(2, 2)
        self.two = nn.Linear(2, 2)
        self.last = nn.Linear(2, 2)

    def forward(self, x):
        x = self.two(self.one(x).detach()).detach()
        return self.last(x)
"""


def test_of_several_notices_one_is_shown_and_the_others_are_folded() -> None:
    address = to_address(read(Pasted(TWICE, shape="1x2"), Experiment()).experiment)
    page = opened(**address)
    (fold,) = (each for each in page.expander if each.label == "1 more on this run")
    folded = [each.value for each in fold.warning]
    shown = [each.value for each in page.warning if each.value not in folded]
    assert [sentence.split(" ")[0] for sentence in (*shown, *folded)] == ["one", "two"]
