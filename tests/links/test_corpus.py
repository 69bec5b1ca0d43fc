"""Links as the app wrote them once still open the same experiments and lessons.

``corpus.json`` has one link a line, with what it opened when it was written. A number may differ
in the last digits that a float32 has, as another processor adds in another order.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import pytest

from experiment.written import first_edition
from tests.links.opening import Plain, opened, opened_lesson

CORPUS: list[Plain] = json.loads(
    Path(__file__).with_name("corpus.json").read_text(encoding="utf-8")
)
OF_ENTRY = {"topic", "lesson", "link"}
"""What an entry says besides what its link opens."""
TOPICS = tuple(dict.fromkeys(entry["topic"] for entry in CORPUS))
PLAYGROUND = [entry for entry in CORPUS if "lesson" not in entry]
PARAMETERS = (
    *("model", "net", "input_shape", "input", "picture", "edits", "loss", "target", "seed"),
    *("device", "input_gradient", "training", "node", "part", "sample", "channel", "show"),
    *("saved", "attributes", "tint", "collapsed", "step", "editing", "hand", "plane", "compare"),
)
"""What a link of the first edition could say, besides its version."""
CLASS = re.compile(r"class_\d+")

RELATIVE = 1e-5
TO_LARGEST = 1e-6
"""A gradient that should be 0 is noise of the numbers around it, the largest of its page above."""
REDUCED = ("sum", "abs", "min", "max", "first", "last")
MOST_SAID = 20
"""Differences in one message."""


def found(entry: Plain) -> Plain:
    """Return what the link of an entry opens now."""
    if "lesson" in entry:
        return opened_lesson(entry["lesson"], entry["link"])
    return opened(entry["link"])


def differences(stored: Any, now: Any, path: str = "", near: float = 0.0) -> Iterator[str]:
    """Yield what differs, each with its path; ``near`` is how far two numbers may be apart."""
    if isinstance(stored, dict) and isinstance(now, dict):
        near = max(near, TO_LARGEST * largest(stored))
        for key in dict.fromkeys([*stored, *now]):
            where = f"{path}.{key}" if path else key
            if key not in stored or key not in now:
                yield f"{where} is {'new' if key in now else 'gone'}"
            else:
                allowed = max(near, RELATIVE * scale(key, stored))
                yield from differences(stored[key], now[key], where, allowed)
    elif isinstance(stored, list) and isinstance(now, list) and len(stored) == len(now):
        for place, (one, other) in enumerate(zip(stored, now, strict=True)):
            yield from differences(one, other, f"{path}[{place}]", near)
    elif not same(stored, now, near):
        yield f"{path} was {stored!r} and is {now!r}"


def same(stored: object, now: object, near: float) -> bool:
    """Tell whether two values are equal, decimal numbers nearly."""
    if isinstance(stored, float) and isinstance(now, float):
        return abs(stored - now) <= max(near, RELATIVE * abs(stored))
    return type(stored) is type(now) and stored == now


def scale(key: str, numbers: Plain) -> float:
    """Return how large the numbers were of which an array's sum or cell was made."""
    if key not in REDUCED:
        return 0.0
    names = ("abs",) if key in ("sum", "abs") else ("min", "max")
    return max((abs(numbers[n]) for n in names if isinstance(numbers.get(n), float)), default=0.0)


def largest(stored: Plain) -> float:
    """Return the largest cell that the maps of a page, or the arrays of a trial, have."""
    pages = [
        *stored.get("maps", {}).values(),
        *(each for each in stored.values() if "shape" in kept(each)),
    ]
    return max((scale("first", each) for each in pages), default=0.0)


def kept(value: object) -> Plain:
    return value if isinstance(value, dict) else {}


@pytest.mark.parametrize("topic", TOPICS)
def test_a_link_opens_what_it_opened_when_it_was_written(topic: str) -> None:
    said = []
    for entry in CORPUS:
        if entry["topic"] == topic:
            stored = {key: value for key, value in entry.items() if key not in OF_ENTRY}
            where = f"{entry.get('lesson', 'playground')} ?{entry['link']}"
            said += [f"{where}\n    {each}" for each in differences(stored, found(entry))]
    left = [f"and {len(said) - MOST_SAID} more"] if len(said) > MOST_SAID else []
    assert not said, "\n".join(["links open something else:", *said[:MOST_SAID], *left])


# Nothing is left out


def test_the_corpus_is_as_large_as_it_was_written() -> None:
    assert (len(PLAYGROUND), len(CORPUS) - len(PLAYGROUND)) == (527, 110)
    assert len({(entry.get("lesson"), entry["link"]) for entry in CORPUS}) == len(CORPUS)
    assert sum("refused" in entry for entry in PLAYGROUND) == 27
    assert sum(bool(entry["problems"]) for entry in CORPUS) == 87
    assert sum(len(entry.get("maps", ())) for entry in CORPUS) == 1274


def read_without_complaint(name: str) -> set[Any]:
    """Return the values of one part of the setting in links that say only what can be read."""
    return {entry["setting"][name] for entry in PLAYGROUND if not entry["problems"]}


def test_every_preset_input_loss_and_target_of_then_is_opened_by_a_link() -> None:
    assert read_without_complaint("model") == set(first_edition.PRESETS)
    assert len(read_without_complaint("input")) == 14
    assert len(read_without_complaint("loss")) == 10
    named = {name for name in read_without_complaint("target") if not CLASS.fullmatch(name)}
    assert len(named) >= 18


def test_every_preset_is_opened_at_its_first_and_last_node() -> None:
    for preset in first_edition.PRESETS:
        there = [
            (entry["chosen"]["node"], entry["nodes"])
            for entry in PLAYGROUND
            if entry["topic"].startswith("nodes: ") and entry["setting"]["model"] == preset
        ]
        assert {node for node, _count in there} >= {"n0", f"n{there[0][1] - 1}"}, preset


@pytest.mark.parametrize("broken", [False, True])
def test_every_parameter_stands_in_links_that_are_read_and_in_links_that_are_broken(
    broken: bool,
) -> None:
    entries = [entry for entry in PLAYGROUND if bool(entry["problems"]) is broken]
    assert {name for entry in entries for name, _value in parsed(entry)} >= {"v", *PARAMETERS}


def test_every_two_parameters_stand_together_in_a_link() -> None:
    together = [{name for name, _value in parsed(entry)} for entry in PLAYGROUND]
    names = [name for name in PARAMETERS if name != "model"]
    assert [
        (one, other)
        for one in names
        for other in names
        if not any({one, other} <= there for there in together)
    ] == []


def test_every_step_and_parameter_of_a_lesson_of_then_stands_in_a_link() -> None:
    for lesson, then in first_edition.LESSONS.items():
        entries = [entry for entry in CORPUS if entry.get("lesson") == lesson]
        there = {name for entry in entries for name, _value in parsed(entry)}
        assert there >= {"v", "step", "present", "seed", *then}
        steps = {entry["setting"]["step"] for entry in entries if not entry["problems"]}
        assert len(steps - {""}) == 7


def parsed(entry: Plain) -> list[tuple[str, str]]:
    return parse_qsl(entry["link"], keep_blank_values=True)


# The comparison can fail

ARRAY = {"shape": [2], "sum": 0.0, "abs": 2.0, "min": -1.0, "max": 1.0, "first": 1.0, "last": -1.0}
PAGE: Plain = {"loss": 2.0, "maps": {"upstream": ARRAY}, "chosen": {"node": "n1"}}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"loss": 2.0001}, "loss was 2.0 and is 2.0001"),
        ({"loss": 2}, "loss was 2.0 and is 2"),
        ({"loss": "nan"}, "loss was 2.0 and is 'nan'"),
        ({"maps": {"upstream": {**ARRAY, "sum": 1e-4}}}, "maps.upstream.sum was 0.0 and is 0.0001"),
        ({"maps": {"upstream": {**ARRAY, "shape": [3]}}}, "maps.upstream.shape[0] was 2 and is 3"),
        ({"maps": {}}, "maps.upstream is gone"),
        ({"chosen": {"node": "n2"}}, "chosen.node was 'n1' and is 'n2'"),
        ({"chosen": {}}, "chosen.node is gone"),
        ({"more": None}, "more is new"),
    ],
)
def test_a_difference_is_said_with_its_place(changed: Plain, said: str) -> None:
    assert list(differences(PAGE, {**PAGE, **changed})) == [said]


def test_rounding_is_no_difference() -> None:
    rounded = {**ARRAY, "sum": 1e-5, "last": -1.000005, "first": 0.999995}
    assert list(differences(PAGE, {**PAGE, "loss": 2.00001, "maps": {"upstream": rounded}})) == []
