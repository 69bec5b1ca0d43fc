"""A module that the command line names: how it is read, made anew, run, and what goes wrong."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
import torch
from torch import nn

from models.own import Own, read, rehearsed, tensors
from models.own.command_line import MANY_MODULES
from models.own.errors import OwnError, told

GOOD = """
import torch
from torch import nn

from beside_it import WIDTH


class Net(nn.Module):
    def __init__(self, width=WIDTH):
        super().__init__()
        self.fc = nn.Linear(3, width)

    def forward(self, x):
        return {"low": x.detach() * 0, "pair": (self.fc(x), self.fc(x).sum()), "n": 3}


class Needs(nn.Module):
    def __init__(self, width, *, depth):
        super().__init__()


class Raises(Net):
    def forward(self, x):
        y = self.fc(x)
        raise ValueError(
            "no way"
        )


class Misfit(Net):
    def forward(self, x):
        return nn.functional.linear(x, torch.ones(2, 7))


class Stops(Net):
    def __init__(self):
        raise SystemExit("enough")


class Looks(nn.Module):
    def __init__(self):
        super().__init__()
        self.table = nn.Embedding(5, 2)

    def forward(self, words, scale):
        return self.table(words) * scale


def small():
    return Net(2)


def nothing():
    return 3


ready = Net(1)
NUMBER = 3


class Plain:
    pass
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's file, and one beside it that it imports."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "beside_it", raising=False)
    (tmp_path / "beside_it.py").write_text("WIDTH = 4\n")
    path = tmp_path / "my file.py"
    path.write_text(GOOD)
    return path


def named(file: Path, name: str, *more: str) -> Own:
    inputs = () if "--input" in more else ("--input", "2,3")
    found = read(["--model", f"{file}:{name}", *inputs, *more])
    assert found is not None
    return found


def test_without_the_option_there_is_none() -> None:
    assert read([]) is None
    assert read(["--input", "1,2"]) is None
    assert read(["-n0", "--modelled", "x.py:Net"]) is None


def test_a_class_becomes_a_new_module_with_the_weights_of_the_seed(file: Path) -> None:
    net = named(file, "Net")
    assert net.problem == ""
    one, same, other = net.make(0), net.make(0), net.make(1)
    assert one is not same
    assert torch.equal(one.get_parameter("fc.weight"), same.get_parameter("fc.weight"))
    assert not torch.equal(one.get_parameter("fc.weight"), other.get_parameter("fc.weight"))
    torch.manual_seed(0)
    assert torch.equal(one.get_parameter("fc.weight"), nn.Linear(3, 4).weight)


def test_making_it_leaves_the_global_generator_alone(file: Path) -> None:
    net, before = named(file, "Net"), torch.get_rng_state()
    net.make(5)
    assert torch.equal(torch.get_rng_state(), before)


def test_a_function_may_make_it_and_a_ready_module_is_copied(file: Path) -> None:
    assert named(file, "small").make(0).get_parameter("fc.weight").shape == (2, 3)
    ready = named(file, "ready")
    one, other = ready.make(0), ready.make(7)
    assert torch.equal(one.get_parameter("fc.weight"), other.get_parameter("fc.weight"))
    with torch.no_grad():
        one.get_parameter("fc.weight").zero_()
    assert other.get_parameter("fc.weight").any()


def test_inputs_have_the_shapes_and_tokens_that_were_asked_for(file: Path) -> None:
    looks = named(file, "Looks", "--input", "2,3:5", "--input=2,3,1")
    words, scale = looks.values("random", 3)
    assert words.dtype == torch.int64
    assert words.shape == (2, 3)
    assert 0 <= int(words.min()) <= int(words.max()) < 5
    assert scale.shape == (2, 3, 1)
    assert all(
        torch.equal(one, same)
        for one, same in zip((words, scale), looks.values("ones", 3), strict=True)
    )
    (x,) = named(file, "Net").values("arange", 0)
    assert x.tolist() == [[1, 2, 3], [4, 5, 6]]


def test_the_loss_is_taken_of_the_first_part_with_a_gradient_or_of_the_named_one(
    file: Path,
) -> None:
    net = named(file, "Net")
    output = net.make(0)(torch.ones(2, 3))
    assert [name for name, _ in tensors(output)] == ["low", "pair.0", "pair.1"]
    assert net.part(output) is output["pair"][0]
    assert named(file, "Net", "--output", "pair.1").part(output) is output["pair"][1]
    with pytest.raises(OwnError, match=r"no such part\. It has low, pair\.0, pair\.1\.$"):
        named(file, "Net", "--output", "logits").part(output)


def test_an_output_without_a_tensor_is_refused(file: Path) -> None:
    with pytest.raises(OwnError, match="It has no tensor"):
        named(file, "Net").part({"a": 3})


def test_a_rehearsal_says_what_comes_out(file: Path) -> None:
    done = rehearsed(named(file, "Net"))
    assert done.report.endswith("Net on 2x3 gives low 2x3, pair.0 2x4, pair.1 a single number.")
    assert done.parts == {"low": False, "pair.0": True, "pair.1": False}
    assert not done.large


PROBLEMS = {
    "Nothing": r"has no Nothing\. It has Net, Needs, Raises, Misfit, Stops, Looks, ready\.",
    "Needs": r"Needs needs arguments: width, depth\. Give them defaults, or name a function",
    "Plain": r"Plain is no torch\.nn\.Module .*It is Plain\.",
    "NUMBER": r"NUMBER is no torch\.nn\.Module .*It is int\.",
    "not-a-name": r"--model must be a file and a class, my_file\.py:Net\.",
}


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_name_that_is_no_module_is_told_in_a_sentence(file: Path, name: str) -> None:
    found = named(file, name)
    assert re.search(PROBLEMS[name], found.problem)
    with pytest.raises(OwnError, match=re.escape(found.problem)):
        found.make(0)
    assert "cannot be shown yet" in rehearsed(found).report


@pytest.mark.parametrize(
    ("text", "came"),
    [
        ("1,a", "'1,a' came"),
        ("", "'' came"),
        ("1,-2", "'1,-2' came"),
        ("1,3:", "'1,3:' came"),
        ("1,3:x", "'1,3:x' came"),
        ("0,3", "dimensions of at least 1 cell"),
        ("9999,9999", "at most 4,000,000 cells"),
        ("1,1,1,1,1,1", "1 to 5 dimensions"),
    ],
)
def test_a_shape_that_is_none_is_told(file: Path, text: str, came: str) -> None:
    problem = named(file, "Net", "--input", text).problem
    assert problem.startswith("--input")
    assert came in problem


def test_what_is_missing_or_unknown_on_the_command_line_is_told(file: Path) -> None:
    without = read(["--model", f"{file}:Net"])
    assert without is not None
    assert without.problem.startswith("--input is missing")
    unknown = named(file, "Net", "--colour", "red")
    assert unknown.problem.startswith("unrecognized arguments: --colour red. Write streamlit run")
    assert "expected one argument" in getattr(read(["--model"]), "problem", "")


def test_a_file_that_is_not_there_or_cannot_be_imported_is_told(file: Path) -> None:
    missing = named(file.parent / "gone.py", "Net").problem
    assert missing == f"--model: there is no file {file.parent / 'gone.py'}."
    file.write_text("import torch\n\n1 / 0\n")
    assert named(file, "Net").problem == (
        "importing my file.py raised ZeroDivisionError: division by zero. "
        f"See {file}, line 3: 1 / 0"
    )
    file.write_text("import torch\ndef f(:\n")
    assert re.search(
        rf"raised SyntaxError: .*See {re.escape(str(file))}, line 2",
        str(named(file, "Net").problem),
    )
    file.write_text("raise SystemExit(3)\n")
    assert "raised SystemExit: 3." in named(file, "Net").problem
    file.write_text("from models import NoSuchThing\n")
    assert named(file, "Net").problem.endswith(
        "Backlight has a package of that name; rename yours."
    )


def test_a_forward_that_raises_shows_the_users_own_line(file: Path) -> None:
    lines = GOOD.splitlines()
    for name, said, code in (
        ("Raises", "ValueError: no way.", "raise ValueError("),
        ("Misfit", "RuntimeError: ", "return nn.functional.linear(x, torch.ones(2, 7))"),
    ):
        report = rehearsed(named(file, name)).report
        line = 1 + next(at for at, text in enumerate(lines) if text.strip() == code)
        assert f"{name}.forward raised {said}" in report
        assert report.endswith(f"See {file}, line {line}: {code}")


def test_a_constructor_that_ends_the_program_does_not_end_the_server(file: Path) -> None:
    with pytest.raises(OwnError, match="raised SystemExit: enough"):
        named(file, "Stops").make(0)


def test_a_function_that_makes_no_module_is_told(file: Path) -> None:
    with pytest.raises(OwnError, match=r"must give a torch\.nn\.Module\. It gives int\.$"):
        named(file, "nothing").make(0)


def test_errors_that_have_words_of_their_own_pass() -> None:
    with pytest.raises(KeyError), told("reading", KeyError):
        raise KeyError("a")
    with (
        pytest.raises(OwnError, match=r"^reading raised KeyError: 'a'\. See .*test_own\.py"),
        told("reading"),
    ):
        raise KeyError("a")
    with pytest.raises(KeyboardInterrupt), told("reading"):
        raise KeyboardInterrupt


def test_a_large_module_is_first_seen_by_layer(file: Path) -> None:
    file.write_text(
        "from torch import nn\ndef deep():\n"
        f"    return nn.Sequential(*(nn.Linear(3, 3) for _ in range({MANY_MODULES})))\n"
    )
    assert rehearsed(named(file, "deep")).large
