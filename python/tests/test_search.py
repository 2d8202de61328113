# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Searches against brute force, constraints, what is reused, conditions, ranges."""
from __future__ import annotations

import math
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

import tradewind as tw
from conftest import GRID, costs, frontier

CALLS: list[tuple[int, int, str]] = []


@tw.tunable(knobs={"a": tw.integer(0, 7), "b": tw.integer(0, 7), "mode": tw.choice("fast", "slow")},
            metrics={"error": "lower", "time": "lower"})
def grid(a: int, b: int, mode: str) -> dict[str, float]:
    CALLS.append((a, b, mode))
    error, seconds = costs(a, b, mode)
    return {"error": error, "time": seconds}


@pytest.fixture(autouse=True)
def no_calls() -> None:
    CALLS.clear()


def values(trials: list[tw.Trial]) -> list[tuple[float, ...]]:
    return [(t.metrics["error"], t.metrics["time"]) for t in trials]


def test_the_frontier_of_every_setting_is_that_of_brute_force() -> None:
    found = tw.search(grid)
    assert found.strategy == "exhaustive"
    assert sorted(CALLS) == sorted(GRID)
    assert set(values(found.frontier)) == frontier(costs(*point) for point in GRID)
    assert [t.metrics["error"] for t in found.frontier] == sorted(t.metrics["error"] for t in found.frontier)
    for trial in found.trials:
        assert tuple(trial.metrics.values()) == costs(**trial.setting)


def test_more_is_better_where_a_metric_says_so() -> None:
    @tw.tunable(knobs={"a": tw.integer(0, 7), "b": tw.integer(0, 7)}, metrics=[tw.higher("score"), tw.lower("time", unit="s")])
    def scored(a: int, b: int) -> dict[str, float]:
        error, seconds = costs(a, b, "fast")
        return {"score": -error, "time": seconds}

    best = frontier(costs(a, b, "fast") for a, b, mode in GRID if mode == "fast")
    assert {(-t.metrics["score"], t.metrics["time"]) for t in tw.search(scored).frontier} == best


def test_what_breaks_a_constraint_is_not_on_the_frontier() -> None:
    found = tw.search(grid, constraints=["time <= 12", "error >= 2"])
    kept = [c for c in (costs(*p) for p in GRID) if c[1] <= 12 and c[0] >= 2]
    assert set(values(found.frontier)) == frontier(kept)
    assert {bool(t.barred) for t in found.trials} == {True, False}


@pytest.mark.parametrize("strategy", ["nsga2", "evolution", "bayes", "random"])
def test_a_strategy_tries_distinct_settings_and_is_repeated_by_its_seed(strategy: str) -> None:
    first = tw.search(grid, strategy=strategy, trials=30, seed=7)
    again = tw.search(grid, strategy=strategy, trials=30, seed=7)
    other = tw.search(grid, strategy=strategy, trials=30, seed=8)
    tried = [tuple(t.setting.values()) for t in first.trials]
    assert len(set(tried)) == len(tried) == 30
    assert [t.setting for t in first.trials] == [t.setting for t in again.trials]
    assert [t.setting for t in first.trials] != [t.setting for t in other.trials]
    assert set(values(first.frontier)) == frontier(costs(*t) for t in tried)


def test_what_the_store_has_is_not_asked_again(tmp_path: Path) -> None:
    store = tmp_path / "deep" / "trials.db"
    first = tw.search(grid, strategy="nsga2", trials=20, store=store)
    assert (first.measured, first.reused, len(CALLS)) == (20, 0, 20)
    more = tw.search(grid, strategy="nsga2", trials=20, store=store)
    assert (more.measured, more.reused, len(CALLS)) == (0, 20, 20)
    everything = tw.search(grid, store=store)  # another strategy starts from what is known
    assert (everything.measured, everything.reused) == (len(GRID) - 20, 20)
    assert len(CALLS) == len(set(CALLS)) == len(GRID)


def test_what_is_known_can_be_listed_and_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "trials.db"
    found = tw.search(grid, store=path)
    known = tw.known(grid, path)
    assert (known.measured, known.reused) == (0, len(GRID))
    assert set(values(known.frontier)) == set(values(found.frontier))
    assert [t.setting for t in known.trials] == [t.setting for t in found.trials]
    store = tw.Store(path, write=True)
    assert store.tunables() == {"grid": len(GRID)}
    some = [t for t in store.trials("grid") if "mode=slow" in t.setting]
    assert store.remove(some) == len(some) == 64
    assert tw.search(grid, store=path).measured == 64


def test_a_version_keeps_results_apart(tmp_path: Path) -> None:
    store = tmp_path / "trials.db"
    knobs = {"a": tw.integer(1, 3)}
    one = tw.tunable(knobs=knobs, metrics={"cost": "lower"}, name="f", version="1")(lambda a: a)
    two = tw.tunable(knobs=knobs, metrics={"cost": "lower"}, name="f", version="2")(lambda a: -a)
    assert tw.search(one, store=store).frontier[0].setting == {"a": 1}
    again = tw.search(two, store=store)
    assert again.measured == 3 and again.frontier[0].setting == {"a": 3}


def test_a_knob_added_with_a_default_leaves_results_valid(tmp_path: Path) -> None:
    store = tmp_path / "trials.db"
    old = tw.tunable(knobs={"a": tw.integer(1, 3)}, metrics={"cost": "lower"}, name="f")(lambda a: a)
    tw.search(old, store=store)
    new = tw.tunable(knobs={"a": tw.integer(1, 3), "b": tw.choice("x", "y", default="x")}, metrics={"cost": "lower"},
                     name="f")(lambda a, b: a + (b == "y"))
    found = tw.search(new, store=store)
    assert (found.measured, found.reused) == (3, 3)
    assert sorted((t.setting["a"], t.setting["b"]) for t in found.trials) == [(a, b) for a in (1, 2, 3) for b in ("x", "y")]


def test_a_knob_that_does_not_exist_is_none() -> None:
    asked = []

    @tw.tunable(knobs={"kernel": tw.choice("linear", "poly"), "degree": tw.integer(2, 4, when={"kernel": "poly"}), "fit": tw.boolean()},
                metrics={"cost": "lower"})
    def machine(kernel: str, degree: int | None, fit: bool) -> dict[str, float]:
        asked.append((kernel, degree, fit))
        return {"cost": (degree or 1) + (not fit)}

    tw.search(machine)
    wanted = [("linear", None, fit) for fit in (False, True)] + [("poly", d, fit) for d in (2, 3, 4) for fit in (False, True)]
    assert sorted(asked, key=str) == sorted(wanted, key=str)
    assert all(type(fit) is bool for _, _, fit in asked)


def test_choices_come_back_as_what_they_are() -> None:
    asked = []

    @tw.tunable(knobs={"size": tw.choice(16, 32, 64), "share": tw.choice(0.5, 0.25), "odd": tw.choice("a b", "c=d%")},
                metrics={"cost": "lower"})
    def sizes(**setting: object) -> float:
        asked.append(tuple(setting.values()))
        return 1.0

    tw.search(sizes)
    assert sorted(asked) == sorted((s, f, o) for s in (16, 32, 64) for f in (0.5, 0.25) for o in ("a b", "c=d%"))
    assert all(type(s) is int and type(f) is float for s, f, _ in asked)


@pytest.mark.parametrize("strategy", ["random", "nsga2", "bayes"])
def test_a_logarithmic_range_is_searched_by_ratio(strategy: str) -> None:
    rates = []

    @tw.tunable(knobs={"rate": tw.real(1e-6, 1, log=True)}, metrics={"loss": "lower", "cost": "lower"})
    def train(rate: float) -> dict[str, float]:
        rates.append(rate)
        return {"loss": abs(math.log10(rate) + 4), "cost": 0}

    found = tw.search(train, strategy=strategy, trials=40, seed=3)
    assert all(1e-6 <= rate <= 1 for rate in rates)
    # Drawn by value, one in a thousand would lie below 1e-3; by ratio, half do.
    assert sum(rate < 1e-3 for rate in rates) >= 10
    assert found.frontier[0].metrics["loss"] < 0.5


def test_samples_of_a_metric_are_compared_by_their_intervals() -> None:
    @tw.tunable(knobs={"a": tw.choice("x", "y")}, metrics={"ms": "lower"})
    def timed(a: str) -> dict[str, list[float]]:
        return {"ms": [9.0, 10.0, 11.0] if a == "x" else [9.5, 10.5, 11.5]}

    found = tw.search(timed)
    assert len(found.frontier) == 2  # their means differ by less than is known of them
    x = found.trials[0]
    assert x.metrics["ms"] == 10 and x.counts["ms"] == 3
    half = 4.302652729911275 / math.sqrt(3)  # Student's t of two degrees of freedom, standard deviation 1
    assert x.intervals["ms"] == pytest.approx((10 - half, 10 + half))


def test_a_setting_that_is_refused_is_left_out() -> None:
    @tw.tunable(knobs={"a": tw.integer(1, 6)}, metrics={"cost": "lower"})
    def picky(a: int) -> float:
        if a % 2:
            raise tw.Refused("odd ones do not fit")
        return a

    found = tw.search(picky)
    assert [t.setting["a"] for t in found.trials] == [2, 4, 6]
    assert len(found.refused) == 3 and all("odd ones do not fit" in why for why in found.refused)


def test_trials_side_by_side_find_the_same(tmp_path: Path) -> None:
    alone = tw.search(grid, strategy="random", trials=24)
    together, most = [0], [0]
    lock = threading.Lock()

    def slow(a: int, b: int, mode: str) -> dict[str, float]:
        with lock:
            together[0] += 1
            most[0] = max(most[0], together[0])
        time.sleep(0.01)
        with lock:
            together[0] -= 1
        return grid.function(a, b, mode)

    beside = tw.Tunable(slow, grid.knobs, grid.metrics)
    for options in ({"parallel": 4}, {"parallel": 4, "executor": ThreadPoolExecutor(4)}):
        most[0] = 0
        found = tw.search(beside, strategy="random", trials=24, **options)
        assert [t.setting for t in found.trials] == [t.setting for t in alone.trials]
        assert [t.metrics for t in found.trials] == [t.metrics for t in alone.trials]
        assert most[0] == 4


def test_processes_take_trials_too() -> None:
    with ProcessPoolExecutor(2) as executor:
        found = tw.search(grid, strategy="random", trials=10, parallel=2, executor=executor)
    assert CALLS == []  # not in this process
    assert all(tuple(t.metrics.values()) == costs(**t.setting) for t in found.trials)


def test_a_fidelity_leaves_the_last_value_to_compete() -> None:
    @tw.tunable(knobs={"a": tw.integer(0, 15), "epochs": tw.choice(1, 2, 4)}, metrics={"loss": "lower"})
    def train(a: int, epochs: int) -> float:
        return abs(a - 9) + 8 / epochs

    found = tw.search(train, strategy="halving", fidelity="epochs", trials=30)
    assert {t.setting["epochs"] for t in found.trials} > {4}
    assert {t.setting["epochs"] for t in found.frontier} == {4}


def test_progress_counts_the_trials() -> None:
    seen = []
    tw.search(grid, strategy="random", trials=10, progress=seen.append)
    assert seen[-1].done == 10 and seen[-1].what == "done"
    assert [p.done for p in seen] == sorted(p.done for p in seen)


def test_a_closed_form_is_searched_as_a_function_is() -> None:
    zdt1 = tw.formula("zdt1")
    found = tw.search(zdt1, strategy="nsga2", trials=60, seed=2)
    for trial in found.trials:
        x = list(trial.setting.values())
        assert len(x) == 30
        g = 1 + 9 * sum(trial.setting[f"x{i}"] for i in range(2, 31)) / 29
        assert trial.metrics["f1"] == trial.setting["x1"]
        assert trial.metrics["f2"] == pytest.approx(g * (1 - math.sqrt(trial.setting["x1"] / g)))
    points = [(t.metrics["f1"], t.metrics["f2"]) for t in found.trials]
    assert {(t.metrics["f1"], t.metrics["f2"]) for t in found.frontier} == frontier(points)
