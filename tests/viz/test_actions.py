"""The data of a list of actions."""

from __future__ import annotations

from viz.actions import actions_data

OFFERED = {"2": "backward(v)", "1": "step()"}


def test_actions_are_offered_in_their_order_whatever_their_keys() -> None:
    sent = actions_data((), None, OFFERED, most=3)
    assert sent["offered"] == [["2", "backward(v)"], ["1", "step()"]]
    assert (sent["value"], sent["heard"], sent["most"]) == ([], None, 3)


def test_what_is_not_offered_and_what_is_too_much_is_left_out() -> None:
    sent = actions_data(("1", "0", "2", "1", "1", "2"), 7.0, OFFERED, most=3)
    assert sent["value"] == ["1", "2", "1"]
    assert sent["heard"] == 7.0
