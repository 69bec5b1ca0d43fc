"""Whoever speaks Korean is refused in Korean: no English sentence is left in what is told."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch
from torch import nn

import flow
from experiment.asking import questions
from experiment.asking.answers import Answers
from experiment.asking.drafting import draft_answer
from experiment.feeding import misfits
from experiment.running.runs import Refused, Runs
from experiment.setting import Setting, of_preset
from experiment.written import pasted
from experiment.written.address import Experiment, from_address
from flow.said import Said
from models.cell_edits import read_plain
from models.draft import draft_of
from models.draft.text import DraftError, written
from models.fields import Fields
from models.shapes import shape_text
from viz.language import retold, speaking

SENTENCE = re.compile(r"(?:[A-Za-z']{2,} ){2,}[A-Za-z']{2,}")
"""Three words of Latin letters in a row: code and names have fewer."""
HANGUL = re.compile("[가-힣]")
THEIRS = re.compile("(PyTorch|파이썬)의 말: .*", re.S)
"""What another program says stands as it says it, and is marked as its words."""
KOREAN = speaking("ko")


def is_korean(text: str) -> bool:
    """Whether a text is Korean, but for code, names, and what others say."""
    ours = THEIRS.sub("", text.replace("\\", ""))
    return bool(HANGUL.search(ours)) and not SENTENCE.search(ours)


def net(line: str, before: str = "") -> str:
    """A class with one line of its own in forward, and perhaps one in __init__."""
    return f"""
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 2, 3)
        {before or "pass"}

    def forward(self, x):
        x = self.conv(x)
        {line}
        return x
"""


PASTED = {
    "nothing": "x = 1",
    "no Python": "class Net(",
    "torchvision": "import torchvision\nnet = torchvision.models.resnet18()",
    "a set": net("y = {1, 2}"),
    "a lambda": net("f = lambda a: a"),
    "a loop over a layer": net("for each in self.conv: pass"),
    "a lost value": net("y = z"),
    "an attribute": net("x = self.lost(x)"),
    "a function": net("x = torch.special.entr(x)"),
    "a size": net("x = x.view(-1, 3)"),
    "an operator": net("x = x @ 2"),
    "a slice": net("x = x[0]"),
    "no_grad": net("with torch.no_grad(): x = x"),
    "a kind": net("pass", "self.odd = nn.Fold(2, 2)"),
    "a field": net("pass", "self.more = nn.Conv2d(1, 2, 0)"),
    "a weight": net("pass", "self.w = nn.Parameter(torch.zeros(1))"),
    "division": net("y = 1 / 0"),
    "an index": net("y = [1, 2][5]"),
    "a condition": net("if self.training: x = x"),
    "an assertion": net("assert 1 == 2"),
    "unused": net("y = self.conv(x)"),
    "in place": net("x = torch.tanh(x)\n        x += x"),
    "two outputs": net("return x, x"),
    "not connected": "class Net(nn.Module):\n    def forward(self, x):\n        return x",
    "JSON": '{"name": "net", "layers": []}',
    "JSON with an odd name": '{"layers": [{"name": "a b", "kind": "Conv2d", "inputs": ["x"]}]}',
    "JSON with an odd kind": '{"layers": [{"name": "a", "kind": "Odd", "inputs": ["input"]}]}',
}


@pytest.mark.parametrize("key", PASTED)
def test_a_text_that_cannot_be_run(key: str) -> None:
    with pytest.raises(pasted.PasteError) as refused:
        pasted.read(pasted.Pasted(PASTED[key]), Experiment(), KOREAN)
    assert is_korean(refused.value.sentence), refused.value.sentence


@pytest.mark.parametrize(
    "address",
    [
        {"lost": "1"},
        {"net": "abc"},
        {"edits": "abc"},
        {"shape": "9x9x9x9x9"},
        {"loss": "odd"},
        {"target": "odd"},
        {"sgd": "9"},
        {"input": "upload", "picture": "abc"},
        {"model": "words", "input": "random"},
        {"seed": "odd", "node": "odd", "step": "odd"},
    ],
)
def test_a_link_that_cannot_be_read(address: dict[str, str]) -> None:
    _experiment, problems = from_address(address, KOREAN)
    assert problems
    assert all(is_korean(problem) for problem in problems), problems


SETTINGS = {
    "too small": replace(of_preset("test"), input_shape=(2, 3, 2, 2)),
    "no digit": replace(of_preset("test"), input="digit", input_shape=(1, 1, 5, 7)),
    "no class": replace(of_preset("test"), loss="cross_entropy", target="class_9"),
    "no cell": replace(of_preset("test"), loss="cell", target="cell_9_9"),
    "too many steps": replace(of_preset("vanishing"), input_shape=(4096, 8)),
    "no device": replace(of_preset("test"), device="cuda:77"),
}


@pytest.mark.parametrize("key", SETTINGS)
def test_a_setting_that_cannot_run(key: str) -> None:
    with pytest.raises(Refused) as refused:
        Runs().outcome(SETTINGS[key])
    assert is_korean(retold(str(refused.value), KOREAN)), str(refused.value)


def test_a_change_by_hand_that_fits_nothing() -> None:
    setting = replace(of_preset("test"), edits=read_plain({"lost.weight": [[0, 1]]}))
    outcome = Runs().outcome(setting)
    (misfit,) = misfits(setting, outcome.output_shape, outcome.capture)
    assert is_korean(retold(misfit.sentence, KOREAN))


def draft_told(setting: Setting, draft: str) -> Iterator[str]:
    """What the editor is told to be wrong with a draft, and the ways out."""
    question = questions.parse("draft", {"draft": draft, "language": "ko"})
    assert isinstance(question, questions.OfDraft)
    answers = Answers(Runs(), setting)
    found = draft_answer(answers, question.draft, KOREAN)
    yield found["problem"]["sentence"]
    yield from (fix["label"] for fix in found["fixes"])


@pytest.mark.parametrize("field", [("in_channels", 3), ("kernel_size", 99), ("padding", -1)])
def test_a_draft_that_does_not_fit(field: tuple[str, int]) -> None:
    setting = of_preset("test")
    draft = draft_of(setting.network, setting.shape)
    name, value = field
    first = draft.layers[0]
    layer = replace(first, fields=Fields({**first.fields, name: value}))
    told = replace(draft, layers=(layer, *draft.layers[1:]))
    sentences = [*draft_told(setting, json.dumps(written(told, shape_text(setting.shape))))]
    assert is_korean(sentences[0]), sentences


def test_a_draft_that_cannot_be_read() -> None:
    with pytest.raises(DraftError) as refused:
        draft_answer(Answers(Runs(), of_preset("test")), "x" * 10**6, KOREAN)
    assert is_korean(retold(str(refused.value), KOREAN))


class Odd(nn.Module):
    """Hands nothing on, leaves a parameter out and detaches another."""

    def __init__(self) -> None:
        super().__init__()
        self.used, self.left_out = nn.Linear(2, 2), nn.Linear(2, 2)
        self.cut = nn.Linear(2, 2)
        self.frozen = nn.Linear(2, 2).requires_grad_(False)
        with torch.no_grad():
            self.used.bias.fill_(-100)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.frozen(torch.relu(self.used(x))) + self.cut(x).detach()


def test_whatever_is_odd_about_a_run() -> None:
    with flow.run(Odd(), torch.ones(2, 2), loss=torch.sum) as run:
        problems = run.capture.problems
    assert {"zero gradient", "not in the graph", "frozen", "detached"} <= {p.kind for p in problems}
    for problem in problems:
        assert is_korean(retold(problem.message, KOREAN)), problem.message


@pytest.mark.parametrize("key", ["test", "lenet", "unpool_max", "words", "attention"])
def test_all_that_is_said_of_the_sums_of_a_preset(key: str) -> None:
    """Why cells are 0, what coefficients are called, and how the gradients were checked."""
    answers = Answers(Runs(), of_preset(key))
    for node in answers.capture.nodes:
        for check in answers.proof(node.id).checks:
            assert is_korean(retold(check.sentence, KOREAN)), check.sentence
        parts = [which for which, part in enumerate(node.downstream) if part is not None]
        for which in () if node.is_leaf else parts:
            table = answers.table(node.id, which, 0)
            for name in table.names:
                assert isinstance(name, Said) or not re.search(r"\([a-z ]+\)$", name), name
                assert not SENTENCE.search(retold(name, KOREAN)), name
            for note in filter(None, (table.note, *table.notes)):
                assert is_korean(retold(note, KOREAN)), note
