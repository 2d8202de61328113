# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""What is wrong is said: thing, place, remedy."""
from __future__ import annotations

import math
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import tradewind as tw

KNOBS = {"a": tw.integer(1, 4)}


def made(answer: Callable[..., Any], metrics: Any = None, **options: Any) -> tw.Tunable:
    return tw.Tunable(answer, options.pop("knobs", KNOBS), metrics or {"ms": "lower", "loss": "lower"}, **options)


def named(a: int) -> Any:
    return {"ms": 1, "loss": a}


@pytest.mark.parametrize("answer, words", [
    ({"ms": 1}, ["named(a=1)", "'loss'"]),
    ({"ms": 1, "loss": math.nan}, ["named(a=1)", "loss = nan"]),
    ({"ms": math.inf, "loss": 1}, ["named(a=1)", "ms = inf"]),
    ({"ms": [1, math.nan], "loss": 1}, ["named(a=1)", "ms = nan"]),
    ({"ms": [], "loss": 1}, ["named(a=1)", "ms without a sample"]),
    ({"ms": "fast", "loss": 1}, ["named(a=1)", "ms = 'fast'"]),
    ({"ms": 1, "loss": 1, "los": 2}, ["named(a=1)", "'los'", "did you mean 'loss'"]),
    (3.0, ["named(a=1)", "float", "dict"]),
    (None, ["named(a=1)", "NoneType"]),
])
def test_a_bad_answer_names_setting_and_metric(answer: Any, words: list[str]) -> None:
    with pytest.raises(tw.TrialError) as raised:
        tw.search(made(lambda a: answer, name="named"))
    for word in words:
        assert word in str(raised.value)
    assert raised.value.setting == {"a": 1}


def broken(a: int) -> dict[str, float]:
    if a == 3:
        raise ZeroDivisionError("three is too much")
    return {"ms": 1, "loss": a}


@pytest.mark.parametrize("parallel", [1, 4])
def test_an_exception_names_the_setting_and_keeps_what_was_measured(tmp_path: Path, parallel: int) -> None:
    store = tmp_path / "trials.db"
    with pytest.raises(tw.TrialError) as raised:
        tw.search(made(broken), store=store, parallel=parallel)
    assert "broken(a=3) raised ZeroDivisionError: three is too much" in str(raised.value)
    assert raised.value.setting == {"a": 3}
    assert isinstance(raised.value.__cause__, ZeroDivisionError)
    assert "in broken" in "".join(traceback.format_tb(raised.value.__cause__.__traceback__))
    assert [t.setting["a"] for t in tw.known(made(broken), store).trials] == ([1, 2] if parallel == 1 else [1, 2, 4])


@pytest.mark.parametrize("options, kind, words", [
    ({"strategy": "guess"}, tw.NotFound, ["guess", "nsga2"]),
    ({"strategy": "nsga2", "parameters": {"wings": 2}}, tw.InvalidInput, ["wings", "it has"]),
    ({"constraints": "ms < 3"}, tw.InvalidInput, ["'ms < 3'", "metric <= number"]),
    ({"constraints": "speed <= 3"}, tw.NotFound, ["speed", "ms, loss"]),
    ({"axes": ["speed"]}, tw.NotFound, ["speed", "ms, loss"]),
    ({"trials": 0}, tw.InvalidInput, ["trial"]),
    ({"parallel": 0}, tw.InvalidInput, ["parallel"]),
    ({"parallel": 1000}, tw.InvalidInput, ["256"]),
    ({"fidelity": "b"}, tw.InvalidInput, ["'b'"]),
    ({"reference": [1.0]}, tw.InvalidInput, ["reference", "2 axes"]),
])
def test_a_wrong_argument_is_named(options: dict[str, Any], kind: type[tw.Error], words: list[str]) -> None:
    with pytest.raises(kind) as raised:
        tw.search(made(named), **options)
    for word in words:
        assert word in str(raised.value)
    assert raised.value.code in ("invalid_input", "not_found")


@pytest.mark.parametrize("declare, words", [
    (lambda: tw.integer(3, 1), ["integer(3, 1"]),
    (lambda: tw.integer(0.5, 1), ["0.5", "real"]),
    (lambda: tw.integer(0, 9, log=True), ["low >= 1"]),
    (lambda: tw.real(1, 1), ["real(1.0, 1.0)"]),
    (lambda: tw.real(0, 1, log=True), ["above 0"]),
    (lambda: tw.real(0, math.inf), ["finite"]),
    (lambda: tw.choice(), ["no values"]),
    (lambda: tw.choice("a", "a"), ["twice"]),
    (lambda: tw.choice(object()), ["no value for a choice"]),
    (lambda: tw.integer(1, 3, default=4), ["default 4"]),
    (lambda: made(named, knobs={}), ["no knobs"]),
    (lambda: made(named, knobs={"b": tw.integer(1, 2)}), ["named", "b"]),
    (lambda: made(named, knobs={"a": 3}), ["3", "integer"]),
    (lambda: made(named, knobs={"a": tw.integer(1, 2, when={"z": 1})}), ["'z'", "no earlier knob"]),
    (lambda: made(named, metrics={"ms": "smaller"}), ["'smaller'"]),
    (lambda: made(named, metrics={"m s": "lower"}), ["'m s'"]),
    (lambda: made(named, metrics=[tw.lower("ms", axis=False)]), ["axis"]),
])
def test_a_wrong_declaration_is_refused(declare: Callable[[], Any], words: list[str]) -> None:
    with pytest.raises(tw.InvalidInput) as raised:
        declare()
    for word in words:
        assert word in str(raised.value)


def test_what_is_no_tunable_is_refused() -> None:
    with pytest.raises(tw.InvalidInput, match="decorate it"):
        tw.search(named)  # type: ignore[arg-type]


def test_a_file_that_is_no_store_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database\n" * 200)
    with pytest.raises(tw.InvalidInput, match="notes.txt"):
        tw.search(made(named), store=path)
    assert path.read_text() == "not a database\n" * 200
    with pytest.raises(tw.NotFound, match="none.db"):
        tw.Store(tmp_path / "none.db")


def test_what_progress_raises_ends_the_search() -> None:
    def stop(_: object) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        tw.search(made(named), progress=stop)
