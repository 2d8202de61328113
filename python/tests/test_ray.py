# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""The search on a local node of Ray with two workers, one of which is killed."""
from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import tradewind as tw
from conftest import costs, frontier

ray = pytest.importorskip("ray", reason='Ray is not installed (pip install "./python[ray]")')
KNOBS = {"a": tw.integer(0, 7), "b": tw.integer(0, 7), "mode": tw.choice("fast", "slow")}
METRICS = {"error": "lower", "time": "lower"}
# The costs on record, which both searches are answered from.
RECORD = {(a, b, mode): costs(a, b, mode) for a in range(8) for b in range(8) for mode in ("fast", "slow")}


@pytest.fixture(scope="module")
def node() -> Iterator[None]:
    for attempts_left in (3, 2, 1, 0):
        try:
            ray.init(num_cpus=2, resources={"phone": 2}, include_dashboard=False, log_to_driver=False)
            break
        except Exception as error:  # Ray gives a node 30 seconds to start, which a busy machine may not grant
            ray.shutdown()
            if attempts_left == 0 or "timed out during startup" not in str(error):
                raise
    yield
    ray.shutdown()


def recorded(record: dict[Any, tuple[float, float]], folder: str = "", victim: int = -1) -> Any:
    """Answers from the record. Notes each call with its process; the call number `victim` waits to be killed."""

    def look_up(a: int, b: int, mode: str) -> dict[str, float]:
        import os
        import pathlib
        import time

        error, seconds = record[a, b, mode]
        if folder:
            with open(os.path.join(folder, "calls"), "a") as calls:
                calls.write(f"{os.getpid()} {a} {b} {mode}\n")
            marker = pathlib.Path(folder, "victim")
            calls_so_far = len(pathlib.Path(folder, "calls").read_text().splitlines())
            if victim >= 0 and calls_so_far >= victim and not pathlib.Path(folder, "killed").exists():
                try:
                    os.close(os.open(marker, os.O_CREAT | os.O_EXCL))
                    pathlib.Path(folder, "pid").write_text(f"{os.getpid()} {a} {b} {mode}")
                    time.sleep(120)
                except FileExistsError:
                    pass  # the other worker goes on
        return {"error": error, "time": seconds}

    return tw.Tunable(look_up, KNOBS, METRICS, name="recorded")


def kill_the_victim(folder: Path, killed: list[int]) -> None:
    until = time.monotonic() + 60
    pid = folder / "pid"
    while time.monotonic() < until:
        if pid.exists() and pid.read_text():
            (folder / "killed").touch()
            killed.append(int(pid.read_text().split()[0]))
            os.kill(killed[0], signal.SIGKILL)
            return
        time.sleep(0.02)


def trials_of(result: tw.Result) -> list[tuple[Any, ...]]:
    return [(tuple(t.setting.values()), tuple(t.metrics.values()), t.on_frontier) for t in result.trials]


def test_with_one_of_two_workers_killed_it_finds_what_one_process_finds(node: None, tmp_path: Path) -> None:
    options: dict[str, Any] = {"strategy": "nsga2", "trials": 40, "seed": 11, "parallel": 2}
    alone = tw.search(recorded(RECORD), store=tmp_path / "alone.db", **options)
    killed: list[int] = []
    killer = threading.Thread(target=kill_the_victim, args=(tmp_path, killed))
    killer.start()
    spread = tw.search_on_ray(recorded(RECORD, str(tmp_path), 15), device_class="phone", store=tmp_path / "spread.db", **options)
    killer.join()

    calls = [line.split() for line in (tmp_path / "calls").read_text().splitlines()]
    workers = {call[0] for call in calls}
    assert len(killed) == 1 and str(killed[0]) in workers
    assert len(workers) >= 2 and str(os.getpid()) not in workers
    settings = [tuple(call[1:]) for call in calls]
    victim = tuple((tmp_path / "pid").read_text().split()[1:])
    assert {s for s in settings if settings.count(s) > 1} == {victim}  # the lost worker lost its trial alone
    assert settings.count(victim) == 2

    assert trials_of(spread) == trials_of(alone)
    assert {tuple(t.metrics.values()) for t in spread.frontier} == frontier(RECORD[tuple(t.setting.values())] for t in alone.trials)
    one, two = (tw.Store(tmp_path / name).trials() for name in ("alone.db", "spread.db"))
    assert [(t.setting, t.metrics) for t in one] == [(t.setting, t.metrics) for t in two]
    assert {t.device for t in two} == {"phone"}


def test_it_goes_on_from_the_store(node: None, tmp_path: Path) -> None:
    store = tmp_path / "trials.db"
    options: dict[str, Any] = {"device_class": "phone", "strategy": "random", "seed": 3, "parallel": 2, "store": store}
    tw.search_on_ray(recorded(RECORD), trials=6, **options)
    more = tw.search_on_ray(recorded(RECORD), trials=10, **options)
    assert (more.measured, more.reused) == (4, 6)
    assert len(tw.known(recorded(RECORD), store, device="phone").trials) == 10


def test_what_the_function_raises_there_names_the_setting_here(node: None) -> None:
    def broken(a: int) -> float:
        if a == 2:
            raise ValueError("two is not to be had")
        if a == 1:
            raise tw.Refused("one does not fit")
        return a

    tunable = tw.Tunable(broken, {"a": tw.integer(1, 3)}, {"cost": "lower"})
    with pytest.raises(tw.TrialError, match=r"broken\(a=2\) raised ValueError: two is not to be had"):
        tw.search_on_ray(tunable, device_class="phone", parallel=2)


def test_a_device_class_that_no_node_offers_is_named(node: None) -> None:
    with pytest.raises(tw.Error, match="watch.*phone"):
        tw.search_on_ray(recorded(RECORD), device_class="watch", parallel=2)


def test_without_ray_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(tw.Error, match="pip install"):
        tw.search_on_ray(recorded(RECORD), device_class="phone", parallel=2)
