# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Searches that are killed or interrupted."""
from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

import tradewind as tw
from conftest import costs, frontier

# Writes down each setting that it is asked, before it answers; at the call number argv[1] it waits to be killed.
PROGRAM = '''
import os, sys, time
import tradewind as tw
from conftest import costs

stop_at, parallel = int(sys.argv[1]), int(sys.argv[2])
asked = open("asked.txt", "a")
count = 0

@tw.tunable(knobs={"a": tw.integer(0, 7), "b": tw.integer(0, 7), "mode": tw.choice("fast", "slow")},
            metrics={"error": "lower", "time": "lower"})
def grid(a, b, mode):
    global count
    asked.write(f"{a} {b} {mode}\\n")
    asked.flush()
    count += 1
    if count == stop_at:
        open("stopped", "w").close()
        time.sleep(60)
    error, seconds = costs(a, b, mode)
    return {"error": error, "time": seconds}

found = tw.search(grid, strategy="nsga2", trials=40, seed=5, store="trials.db", parallel=parallel)
for t in found.trials:
    print(*t.setting.values(), *t.metrics.values(), int(t.on_frontier))
'''
Start = Callable[..., "subprocess.Popen[str]"]


def wait_for(path: Path, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while not path.exists():
        assert time.monotonic() < until, f"{path} did not come"
        time.sleep(0.01)


def lines(process: subprocess.Popen[str]) -> list[str]:
    out, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    return out.splitlines()


def test_killed_and_begun_again_it_asks_nothing_twice(tmp_path: Path, run_python: Start) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    first = run_python(str(program), "17", "1")
    wait_for(tmp_path / "stopped")
    first.send_signal(signal.SIGKILL)
    first.communicate()
    before = (tmp_path / "asked.txt").read_text().splitlines()
    assert len(before) == 17
    resumed = lines(run_python(str(program), "0", "1"))
    asked = (tmp_path / "asked.txt").read_text().splitlines()
    assert asked[17] == before[16]  # what was in flight, alone, is asked again
    assert len(set(asked)) == len(asked) - 1 == 40

    (tmp_path / "trials.db").unlink()
    unbroken = lines(run_python(str(program), "0", "1"))
    assert resumed == unbroken
    points = {tuple(float(x) for x in line.split()[3:5]) for line in unbroken}
    on_frontier = {tuple(float(x) for x in line.split()[3:5]) for line in unbroken if line.endswith("1")}
    assert on_frontier == frontier(points)


@pytest.mark.parametrize("parallel", ["1", "3"])
def test_interrupted_it_ends_at_once_and_keeps_what_was_measured(tmp_path: Path, run_python: Start, parallel: str) -> None:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    process = run_python(str(program), "10", parallel)
    wait_for(tmp_path / "stopped")
    time.sleep(0.2)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - began < 20  # the function sleeps for a minute
    assert process.returncode != 0 and "KeyboardInterrupt" in errors
    assert len(tw.Store(tmp_path / "trials.db").trials()) == 9


def test_interrupted_between_trials_a_table_search_ends(tmp_path: Path, run_python: Start) -> None:
    program = tmp_path / "program.py"
    program.write_text('''
import tradewind as tw
tw.search(tw.formula("zdt1"), strategy="random", trials=1000000, store="trials.db", progress=lambda p: open("running", "w").close())
''')
    process = run_python(str(program))
    wait_for(tmp_path / "running")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors
