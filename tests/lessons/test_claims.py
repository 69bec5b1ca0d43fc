"""The cards of the lesson on claims: what their lines come to, by a pencil, numpy or a rule."""

from __future__ import annotations

import ast
import sys
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
import torch

from experiment.setting import of_preset
from experiment.written.address import Experiment, from_address
from lessons import text
from lessons.asking.exercise import Array
from lessons.blocks import Predict, Prose
from lessons.catalogue import LESSONS
from lessons.claims import running
from lessons.claims.card import LONGEST, WRITTEN_FOR, Card, Note, Outcome, cut
from lessons.claims.deck import CARDS
from lessons.claims.recipe import Claim, Kept
from lessons.claims.running import FILE, outcomes
from lessons.claims.steps import LESSON, came, code, difference, differs, read_again, version
from scripts.served import ROOT
from viz.language import english

DECK = list(CARDS.values())
ERROR = "RuntimeError"


def named(card: object) -> str:
    return card.key if isinstance(card, Card) else ""


def shown(cells: object) -> str:
    """Write float32 cells as PyTorch does."""
    return repr(torch.tensor(np.asarray(cells, np.float32)))


def adam(gradients: list[float]) -> float:
    """Return the last move of a weight that Adam makes, lr=0.1 and its other settings as given."""
    first = second = move = 0.0
    for step, gradient in enumerate(gradients, 1):
        first = 0.9 * first + 0.1 * gradient
        second = 0.999 * second + 0.001 * gradient**2
        move = first / (1 - 0.9**step) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return -0.1 * move


def softmax(x: Array) -> Array:
    return np.asarray(np.exp(x) / np.exp(x).sum())


def flat(gradient: Array) -> str:
    return repr(torch.tensor(bool(np.abs(gradient).max() < 1e-5)))


def normed(x: Array) -> Array:
    """Return the Jacobian of a batch norm without its small constant, by finite differences."""
    steps = 1e-6 * np.eye(len(x))

    def norm(value: Array) -> Array:
        return np.asarray((value - value.mean()) / value.std())

    return np.array([(norm(x + step) - norm(x - step)) / 2e-6 for step in steps]).T


X, X0, A = np.array([1.0, 2]), np.array([0.0, 1]), np.array([[1.0, 2], [3, 4]])
P = softmax(np.array([1.0, 2, 4]))
ONES = np.ones(3)

ORACLES: dict[str, tuple[str, ...]] = {
    "inplace": (shown(2 * X), ERROR, ERROR),
    "twice": (shown([1 + 1, 1 + 1]), ERROR, ERROR),
    "intermediate": ("None", shown([1, 1])),
    "added": (shown([3 + 3, 3 + 3]), shown([3, 3])),
    "vector": (ERROR, shown(np.ones(2) @ A), shown(np.array([1, 0]) @ A)),
    "hook": (f"[{shown([0.5, 1])}]", shown([min(-2, 0) + min(3, 0)]), shown([0.5, 1])),
    "watched": (ERROR, shown([0, 1])),
    "data": (shown(np.exp(X0) + 10), ERROR, shown(np.exp(X0))),
    "hidden": (ERROR, shown(1 + 2 * 1)),
    "frozen": (shown([adam([1, 1])]), shown([adam([1, 0])]), shown([0])),
    "kink": (shown(1 / 2), shown(0), shown(1), shown(0)),
    "eval": (shown([min(-2, 0) + min(3, 0)]), ERROR),
    "before": (shown([0.1 * -2]), ERROR),
    "tie": (shown([1 / 2, 1 / 2, 0]), shown([1 / 2, 1 / 2, 0]), shown([1, 0, 0]), shown([1, 0, 0])),
    "where": (shown([np.nan, 1 / 4]), shown([0, 1 / 4])),
    "leaf": ("None", shown([2, 2]), repr(torch.tensor([2, 2], dtype=torch.float64))),
    "second": (shown(1), shown(1 + 2 * (3 * 2**2) * (6 * 2))),
    "flat": (
        flat(ONES @ (np.diag(P) - np.outer(P, P))),
        flat(ONES @ normed(np.array([1.0, 2, 4]))),
        flat(np.array([1, 0, 0]) - P),
    ),
    "retained": (shown([10, 10]), shown([10, 10])),
    "cut": (ERROR, "None", shown([2, 2])),
}
"""What each run of a card comes to."""


@pytest.mark.parametrize("card", DECK, ids=named)
def test_the_lines_of_a_card_come_to_what_a_pencil_says(card: Card) -> None:
    assert tuple(each.short for each in outcomes(card)) == ORACLES[card.key]


@pytest.mark.parametrize("card", DECK, ids=named)
def test_nothing_differs_on_the_version_of_which_the_cards_speak(card: Card) -> None:
    assert version().startswith(f"{WRITTEN_FOR}.")
    assert not differs(card, LESSON.beginning)
    assert tuple(each.short for each in outcomes(card)) == card.expected


@pytest.mark.parametrize("card", DECK, ids=named)
def test_what_may_be_predicted_has_the_truth_once(card: Card) -> None:
    first = outcomes(card)[0].option
    assert list(card.options.values()).count(first) == 1
    assert len(set(card.options.values())) == len(card.options) == 3
    assert card.options[card.came_to(outcomes(card)[0])] == first
    truth = Claim(card.key).exercises()[card.key](outcomes(card)).truth
    assert truth.tolist() == [list(card.options.values()).index(first)]


def test_another_version_is_graded_by_what_it_gives_and_else_by_what_is_expected() -> None:
    card = CARDS["kink"]
    assert card.came_to(Outcome("tensor(1.)")) == "one"
    assert card.came_to(Outcome("tensor(7.)")) == "half"
    assert CARDS["hidden"].came_to(Outcome("tensor(7.)")) == "error"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_card_says_where_another_version_differs(language: str) -> None:
    card = replace(CARDS["kink"], expected=("tensor(0.5000)", "tensor(9.)", *ORACLES["kink"][2:]))
    assert differs(card, LESSON.beginning)
    told = difference(card, LESSON.beginning)
    assert (told["line"], told["expected"], told["came"]) == (
        "`y = x.relu()`",
        "`tensor(9.)`",
        "`tensor(0.)`",
    )
    sentence = text.read("claims", language).section("differs", **told)
    assert all(said in sentence for said in (WRITTEN_FOR, version(), "tensor(9.)"))


@pytest.mark.parametrize("card", DECK, ids=named)
def test_a_card_is_short_and_ends_with_an_expression_and_draws_nothing_at_random(
    card: Card,
) -> None:
    assert 4 <= len(card.lines) <= 8
    assert card.lines == tuple(card.code.split("\n"))
    for run in card.runs:
        assert isinstance(ast.parse(run).body[-1], ast.Expr)
        assert "rand" not in run
        assert "import" not in run
    assert len(card.runs) == len(card.expected) == len(set(card.runs))


@pytest.mark.parametrize(
    ("key", "line"),
    [("vector", "y.backward()"), ("hidden", "    h.backward()"), ("cut", "total.backward()")],
)
def test_an_error_stands_at_the_line_that_raised_it(key: str, line: str) -> None:
    card = CARDS[key]
    refused = outcomes(card)[0].refused
    assert refused
    assert card.lines[refused.line - 1] == line
    (noted,) = (each for each in came(card, LESSON.beginning, english).split("\n") if ERROR in each)
    assert noted.startswith(f"{line}  # {ERROR}: {cut(refused.text)}")


def test_the_lines_are_shown_with_what_python_said_at_each() -> None:
    card = CARDS["added"]
    assert code(card, LESSON.beginning, english) == "\n".join(card.lines)
    assert came(card, LESSON.beginning, english).split("\n") == [
        *card.lines[:3],
        "w.grad  # tensor([6., 6.])",
        "",
        f"# PyTorch {version()}. With line 3 replaced:",
        "w.grad = None; (3 * w).sum().backward()  # tensor([3., 3.])",
    ]


@pytest.mark.parametrize("key", ["inplace", "twice", "data", "eval", "before"])
def test_what_another_line_came_to_says_in_which_line_it_raised(key: str) -> None:
    card = CARDS[key]
    written = came(card, LESSON.beginning, english).split("\n")
    below = dict(zip(card.others, written[-len(card.others) :], strict=True))
    for line, outcome in zip(card.others, outcomes(card)[1:], strict=True):
        if outcome.refused:
            assert card.lines[outcome.refused.line - 1].endswith(".backward()")
            assert below[line].startswith(f"{line}  # line {outcome.refused.line}: {ERROR}: ")


def test_a_warning_stands_at_its_line_behind_the_value_of_the_same_line() -> None:
    shown_lines = came(CARDS["intermediate"], LESSON.beginning, english).split("\n")
    assert shown_lines[3].startswith("y.grad  # None; UserWarning: The .grad attribute of a Tensor")
    wrapped = came(CARDS["cut"], LESSON.beginning, english).split("\n")
    assert wrapped[2].startswith("total = torch.tensor(loss)  # UserWarning: To copy construct")


def test_a_long_message_is_cut_between_two_words() -> None:
    assert cut("a" * LONGEST) == "a" * LONGEST
    assert cut("word, " * 40).endswith("word …")
    assert len(cut("word, " * 40)) <= LONGEST + 2


WARNS = {"intermediate": "The .grad attribute", "leaf": "The .grad attribute", "cut": "To copy"}


@pytest.mark.parametrize("action", ["default", "error", "once", "module"])
def test_a_warning_is_read_whatever_the_process_does_with_it(action: str) -> None:
    with warnings.catch_warnings(record=True):
        warnings.simplefilter(action)  # type: ignore[arg-type]
        for card in DECK:
            (first, *_others) = outcomes(card)
            begins = first.warned.text[: len(WARNS.get(card.key, ""))] if first.warned else ""
            assert begins == WARNS.get(card.key, ""), card.key
            assert first.short == ORACLES[card.key][0]


def test_where_warnings_are_switched_off_the_values_are_the_same() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for card in DECK:
            assert tuple(each.short for each in outcomes(card)) == ORACLES[card.key]
            assert outcomes(card)[0].warned is None


def test_a_warning_that_is_raised_again_and_again_is_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def warns(_text: str, _noted: object) -> object:
        raise UserWarning("again")

    monkeypatch.setattr(running, "_executed", warns)
    (first, *_others) = outcomes(CARDS["added"])
    assert (first.short, first.refused) == ("UserWarning", Note("again", 0))


def dealt_by_eight() -> None:
    """Deal every card several times, eight at once."""
    with ThreadPoolExecutor(8) as pool:
        dealt = list(pool.map(outcomes, DECK * 8))
    for card, came_to in zip(DECK * 8, dealt, strict=True):
        assert tuple(each.short for each in came_to) == ORACLES[card.key]
        said = came_to[0].warned
        assert (said.text if said else "").startswith(WARNS.get(card.key, ""))
        assert bool(said) == (card.key in WARNS)


def test_eight_threads_deal_cards_at_once_where_warnings_are_errors() -> None:
    filters = list(warnings.filters)
    dealt_by_eight()
    assert list(warnings.filters) == filters


def test_eight_threads_deal_cards_while_another_changes_the_filters() -> None:
    over = threading.Event()

    def disturb() -> None:
        while not over.is_set():
            with warnings.catch_warnings():
                warnings.filterwarnings("default", message="nothing says this")

    pace = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    with warnings.catch_warnings(record=True):
        warnings.simplefilter("default")
        other = threading.Thread(target=disturb)
        other.start()
        try:
            dealt_by_eight()
        finally:
            over.set()
            other.join()
            sys.setswitchinterval(pace)


STATE: dict[str, Callable[[], object]] = {
    "filters": lambda: list(warnings.filters),
    "showing": lambda: (warnings.showwarning, warnings.formatwarning),
    "grad mode": torch.is_grad_enabled,
    "random numbers": lambda: torch.get_rng_state().tolist(),
    "dtype": torch.get_default_dtype,
    "determinism": torch.are_deterministic_algorithms_enabled,
    "anomalies": torch.is_anomaly_enabled,
    "threads": torch.get_num_threads,
}
"""What belongs to the whole process, or to the thread that asks."""


@pytest.mark.parametrize("grad", [True, False])
@pytest.mark.parametrize("card", DECK, ids=named)
def test_a_card_leaves_the_process_as_it_was_and_needs_no_grad_mode(card: Card, grad: bool) -> None:
    with torch.set_grad_enabled(grad):
        before = {name: state() for name, state in STATE.items()}
        came_to = outcomes(card)
        after = {name: state() for name, state in STATE.items()}
    assert before == after
    assert tuple(each.short for each in came_to) == ORACLES[card.key]


PACKAGES = ("models", "flow", "viz", "experiment", "lessons", "serving", "pages")


def test_text_is_executed_in_one_place_alone() -> None:
    found = {
        (file.relative_to(ROOT).as_posix(), node.func.id)
        for package in PACKAGES
        for file in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id in {"exec", "eval", "compile", "__import__"}
    }
    here = "lessons/claims/running.py"
    assert found == {(here, "exec"), (here, "eval"), (here, "compile")}


def test_a_card_is_known_to_python_by_a_name_that_is_no_file() -> None:
    assert FILE == "<card>"


def test_a_claim_opens_in_the_playground_and_every_place_is_read_to_its_end() -> None:
    for card in DECK:
        assert Claim(card.key).in_playground() == Experiment(of_preset(card.preset))
        for place in card.seen:
            begun = LESSONS[place.page].beginning if place.page else None
            _read, problems = begun.read(place.query) if begun else from_address(place.query)
            assert problems == ()


SHOWN_BY = {
    "inplace": "in_place",
    "twice": "freed",
    "intermediate": "kept",
    "added": "zero",
    "vector": "vector",
    "data": "in_place",
    "eval": "cut",
    "hidden": "freed",
    "before": "cut",
    "leaf": "grad_fn",
    "cut": "cut",
}
"""Cards, and the step of the lesson on autograd that shows the matter live."""


@pytest.mark.parametrize("key", SHOWN_BY)
def test_a_card_links_the_step_that_shows_it_live(key: str) -> None:
    (place,) = CARDS[key].seen
    assert (place.page, place.query["step"]) == ("autograd", SHOWN_BY[key])


def test_what_differs_stands_before_the_reason_that_may_not_hold_then() -> None:
    for card in DECK:
        _claim, predicted = LESSON.step(LESSON.beginning.changed(step=card.key)).blocks
        assert isinstance(predicted, Predict)
        told = [block.section for block in predicted.revealed if isinstance(block, Prose)]
        assert told == ["differs", f"{card.key} why"]


def test_a_relu_hands_on_where_its_result_is_above_zero() -> None:
    for seed in range(3):
        recipe = Kept(seed)
        trial = recipe.run()
        assert np.array_equal(trial.output, np.maximum(recipe.value(), 0))
        assert np.array_equal(trial.downstream, recipe.upstream() * (recipe.value() > 0))
        assert np.array_equal(trial.downstream, recipe.upstream() * (trial.output > 0))
    figure = read_again(LESSON.beginning)
    assert figure.array("downstream").reshape(-1)[LESSON.beginning["cell"]] != 0
    assert [each.key for each in figure.rows[0]] == ["downstream", "upstream", "output"]


SAVED = {"x ** 2": {"self"}, "x.relu()": {"result"}, "x.exp()": {"result"}, "x + 1": set()}


@pytest.mark.parametrize("made", SAVED)
def test_the_functions_keep_what_the_cards_say(made: str) -> None:
    x = torch.tensor([1.0, 2], requires_grad=True)
    node = {"x ** 2": x**2, "x.relu()": x.relu(), "x.exp()": x.exp(), "x + 1": x + 1}[made].grad_fn
    assert node is not None
    tensors = {
        name.removeprefix("_saved_")
        for name in dir(node)
        if name.startswith("_saved_") and isinstance(getattr(node, name), torch.Tensor)
    }
    assert tensors == SAVED[made]


def test_three_times_x_keeps_the_three() -> None:
    node = (3 * torch.ones(2, requires_grad=True)).grad_fn
    assert node is not None
    assert node._saved_other.item() == 3  # type: ignore[attr-defined]
    assert node._saved_self is None  # type: ignore[attr-defined]


def test_what_is_advised_instead_works() -> None:
    x = torch.tensor([0.0, 1], requires_grad=True)
    y = x.exp()
    y = y + 1
    torch.autograd.backward(y.sum())
    assert x.grad is not None
    assert torch.equal(x.grad, x.detach().exp())
    w = torch.tensor([1.0], requires_grad=True)
    optimizer = torch.optim.Adam([w], lr=0.1)
    torch.autograd.backward(w.sum())
    optimizer.step()
    w.requires_grad_(False)
    optimizer.zero_grad()
    before = w.clone()
    optimizer.step()
    assert torch.equal(w, before)
    layer = torch.nn.PReLU(init=0.5)
    seen: list[float] = []
    layer.weight.register_hook(lambda grad: seen.append(grad.item()))
    torch.autograd.backward(layer(torch.tensor([-2.0, 3])).sum())
    assert seen == [-2]
    jacobian = torch.autograd.functional.jacobian(
        lambda x: torch.from_numpy(A) @ x, torch.ones(2).double()
    )
    assert np.array_equal(jacobian, A)


def test_a_first_hook_sees_what_arrived_and_retain_grad_what_all_hooks_made_of_it() -> None:
    x = torch.ones(2, requires_grad=True)
    y = 2 * x
    seen: list[list[float]] = []
    y.retain_grad()
    y.register_hook(lambda grad: seen.append(grad.tolist()))
    y.register_hook(lambda grad: 10 * grad)
    torch.autograd.backward(y.sum())
    assert seen == [[1, 1]]
    assert y.grad is not None
    assert x.grad is not None
    assert (y.grad.tolist(), x.grad.tolist()) == ([10, 10], [20, 20])
