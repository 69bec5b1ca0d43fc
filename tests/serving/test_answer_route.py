"""What is answered, what is refused and how, and what a browser may keep of it."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import Callable
from urllib.parse import quote, urlencode

import pytest

from experiment.running.runs import Refused
from experiment.running.turnstile import Busy, Turnstile
from serving import answers as module
from serving.reading import MOST_BODY, MOST_QUERY
from serving.refusal import APOLOGY
from tests.serving.asking import PATH, Asked, Unanswerable, text
from tests.serving.calling import FORM, Got, Visitor, get, run


def post(asked: Asked, body: str, **headers: str) -> Got:
    visitor = Visitor("POST", PATH, headers=FORM | headers, body=[body.encode()])
    return run(visitor.ask(asked.app))


# What is answered


def test_an_answer_is_about_its_setting_and_its_question_and_is_kept_by_the_browser_alone(
    asked: Asked,
) -> None:
    got = get(asked.app, PATH, "v=2&loss=sum&seed=7&of.times=3")
    assert got.status == 200
    assert got.body == b"sum 7 sum 7 sum 7 "
    assert got.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert got.headers["content-type"] == "text/plain; charset=utf-8"
    assert got.headers["vary"] == "Accept-Encoding"
    assert "set-cookie" not in got.headers


@pytest.mark.parametrize(
    "query",
    [
        "seed=7&loss=sum&of.times=3&v=2",
        "of.times=3&loss=%73um&v=2&seed=7",
        "v=2&loss=sum&seed=7&of.times=3&model=test&training=1",
        "v=2&loss=sum&seed=7&of.times=3&node=n1&tint=1",
        "v=2&loss=sum&seed=7&of.times=3&of.prefetch=1",
        "v=2&loss=sum&seed=7&of.times=3&2.seed=9",
    ],
)
def test_one_question_written_in_two_ways_is_computed_once(asked: Asked, query: str) -> None:
    first = get(asked.app, PATH, "v=2&loss=sum&seed=7&of.times=3")
    assert get(asked.app, PATH, query).body == first.body
    assert asked.asking.computed == [(7, 3)]


def test_another_setting_question_or_language_is_another_answer(asked: Asked) -> None:
    for query in ("", "seed=1", "of.times=2", "of.times=2&of.language=ko"):
        assert get(asked.app, PATH, query).status == 200
    assert asked.asking.computed == [(0, 1), (1, 1), (0, 2), (0, 2)]


def test_a_long_answer_travels_compressed_and_is_the_same(asked: Asked) -> None:
    plain = get(asked.app, PATH, "of.times=500")
    packed = get(asked.app, PATH, "of.times=500", accept_encoding="br, gzip")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-length"] == str(len(packed.body))
    assert plain.body == gzip.decompress(packed.body) == text("mse", 0, 500)
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert len(asked.asking.computed) == 1


def test_a_short_answer_travels_as_it_is(asked: Asked) -> None:
    got = get(asked.app, PATH, "of.times=150", accept_encoding="gzip")
    assert "content-encoding" not in got.headers
    assert got.body == text("mse", 0, 150)


def test_head_says_what_get_would_send(asked: Asked) -> None:
    answer, head = (get(asked.app, PATH, "of.times=9", method) for method in ("GET", "HEAD"))
    assert (head.status, head.headers) == (200, answer.headers)


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
def test_answers_can_only_be_read(asked: Asked, method: str) -> None:
    assert get(asked.app, PATH, method=method).status == 405
    assert asked.asking.computed == []


# How long a question may be


def test_a_question_too_long_for_an_address_is_posted_and_is_the_same_question(
    asked: Asked,
) -> None:
    query = f"seed=7&of.times={'0' * MOST_QUERY}3"
    refused = get(asked.app, PATH, query)
    assert refused.status == 414
    assert refused.sentence == "An address holds 4096 bytes at most. Post the question as a form."
    assert post(asked, query).body == get(asked.app, PATH, "seed=7&of.times=3").body
    assert asked.asking.computed == [(7, 3)]


@pytest.mark.parametrize(("longer", "status"), [(0, 200), (1, 414)])
def test_an_address_may_be_just_so_long(asked: Asked, longer: int, status: int) -> None:
    query = "of.times=".ljust(MOST_QUERY - 1 + longer, "0") + "1"
    assert get(asked.app, PATH, query).status == status


@pytest.mark.parametrize(("longer", "status"), [(0, 200), (1, 413)])
def test_a_form_may_be_just_so_long(
    asked: Asked, longer: int, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving.reading.MOST_BODY", 100)
    assert post(asked, "of.times=".ljust(99 + longer, "0") + "1").status == status


def test_a_body_that_claims_too_much_is_not_read(asked: Asked) -> None:
    claimed = FORM | {"content-length": str(MOST_BODY + 1)}
    visitor = Visitor("POST", PATH, headers=claimed, body=[b"seed=1"])
    got = run(visitor.ask(asked.app))
    assert (got.status, got.sentence) == (413, "A question has 200000 bytes at most.")
    assert visitor.taken == 0


def test_a_body_that_never_ends_is_cut_off(asked: Asked) -> None:
    visitor = Visitor("POST", PATH, headers=FORM, body=[b"0" * 50_000] * 100)
    assert run(visitor.ask(asked.app)).status == 413
    assert visitor.taken == 5


@pytest.mark.parametrize("media_type", ["text/plain", "multipart/form-data", "application/json"])
def test_only_a_form_can_be_posted(asked: Asked, media_type: str) -> None:
    got = run(Visitor("POST", PATH, headers={"content-type": media_type}).ask(asked.app))
    assert got.status == 415
    assert "application/x-www-form-urlencoded" in got.sentence


def test_a_question_of_very_many_parts_is_refused(asked: Asked) -> None:
    got = get(asked.app, PATH, "&".join(["seed=1"] * 201))
    assert (got.status, got.sentence) == (400, "The question has more than 200 parts.")


# Who is refused


@pytest.mark.parametrize(
    ("site", "status"),
    [("same-origin", 200), ("none", 200), ("same-site", 403), ("cross-site", 403)],
)
def test_other_sites_cannot_ask(asked: Asked, site: str, status: int) -> None:
    got = get(asked.app, PATH, sec_fetch_site=site)
    assert got.status == status
    assert asked.asking.computed == [(0, 1)][: status == 200]


def test_a_page_of_another_version_is_told_to_reload(asked: Asked) -> None:
    got = get(asked.app, "/answers/older/repeat")
    assert (got.status, got.sentence) == (410, "The app was updated. Reload the page.")
    assert asked.asking.computed == []


def test_what_cannot_be_read_of_a_setting_is_said_and_nothing_runs(asked: Asked) -> None:
    got = get(asked.app, PATH, urlencode({"seed": "<img src=x>"}))
    assert got.status == 400
    assert got.sentence.startswith("seed: it must be a whole number from 0 to 4294967295;")
    assert asked.asking.computed == []


@pytest.mark.parametrize("path", [f"{PATH}?of.cell=3", "/answers/v/riddle", "/answers/v/%3Cb%3E"])
def test_a_question_that_nobody_knows_is_refused_in_its_own_words(asked: Asked, path: str) -> None:
    got = get(asked.app, *path.split("?"))
    assert got.status == 400
    assert got.sentence.endswith(": nobody can ask this.")


def test_what_would_cost_too_much_is_refused_before_it_is_asked(asked: Asked) -> None:
    got = get(asked.app, PATH, "model=unet&input_shape=900x1x64x64")
    assert got.status == 422
    assert got.sentence.startswith("concat1: the model needs 885.9 MiB for the recording")
    assert asked.asking.computed == []


@pytest.mark.parametrize(
    ("error", "status", "sentence"),
    [
        (Refused("It cannot run."), 422, "It cannot run."),
        (Unanswerable("There is no such node."), 400, "There is no such node."),
        (Busy(7), 503, str(Busy(7))),
        (ZeroDivisionError("secret"), 500, APOLOGY),
        (ValueError("secret"), 500, APOLOGY),
        (MemoryError("secret"), 500, APOLOGY),
    ],
)
def test_a_refusal_is_a_sentence_that_nobody_keeps(
    asked: Asked,
    error: Exception,
    status: int,
    sentence: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    asked.asking.error = error
    got = get(asked.app, PATH)
    assert (got.status, got.sentence) == (status, sentence)
    assert got.headers.get("retry-after") == ("1" if status == 503 else None)
    assert b"secret" not in got.body
    assert b"Traceback" not in got.body
    assert ("secret" in caplog.text) is (status == 500)
    asked.asking.error = None
    assert get(asked.app, PATH).status == 200
    assert len(asked.asking.computed) == 2


def test_a_fault_while_a_question_is_read_is_a_sentence_too(
    asked: Asked, caplog: pytest.LogCaptureFixture
) -> None:
    got = get(asked.app, PATH, "of.times=secret")
    assert (got.status, got.sentence) == (500, APOLOGY)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert "invalid literal for int() with base 10: 'secret'" in caplog.text


@pytest.mark.parametrize(
    ("language", "begins"),
    [("ko", "ko: "), ("pt-BR", "pt_BR: "), ("pt_BR", "pt_BR: "), ("../ko", ""), ("", "")],
)
def test_the_language_of_a_sentence_is_that_of_the_question(
    asked: Asked, language: str, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def speaking(language: str) -> Callable[[str], str]:
        return lambda sentence: f"{language}: {sentence}"

    monkeypatch.setattr(module, "speaking", speaking)
    got = get(asked.app, "/answers/older/repeat", f"of.language={quote(language)}")
    assert got.sentence == f"{begins}The app was updated. Reload the page."
    asked.asking.error = ZeroDivisionError()
    assert get(asked.app, PATH, f"of.language={language}").sentence == begins + APOLOGY


def test_who_finds_too_many_computing_is_told_so(asked: Asked) -> None:
    turnstile: Turnstile = asked.runs._turnstile
    turnstile._longest = 0
    got = get(asked.app, PATH)
    assert (got.status, got.sentence) == (503, str(Busy(0)))
    assert got.headers["retry-after"] == "1"


def test_the_sentence_is_json_whatever_stands_in_it(asked: Asked) -> None:
    asked.asking.error = Refused('"</script>\n\x00')
    got = get(asked.app, PATH)
    assert json.loads(got.body) == {"sentence": '"</script>\n\x00'}
