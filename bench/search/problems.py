# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""The problems of the table: where they come from, what their whole front is worth, and up to which reference point that is counted.

A recorded table has two reference points. `declared` is the table file's: the worst value of all settings on each axis. From so far off every
search looks good. `near` is the worst of the exhaustive front on each axis, moved out by a tenth of the front's range: it is what verdicts go
by. A closed form has one: 1.1 of its front's worst (dtlz7's last axis: as the program states it), and its front's worth follows from its formula.
"""
import json
import math
import os

import numpy as np
from pymoo.indicators.hv import HV
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting


def volume(values, reference):
    if not len(values):
        return 0.0
    return float(HV(ref_point=np.array(reference, float))(np.array(values, float)))


def front_of(values):
    return values[NonDominatedSorting().do(values, only_non_dominated_front=True)]


class Table:
    """A recorded table on a device: every setting's values, as `tradewind search --strategy exhaustive` gives them."""

    def __init__(self, name, device, program, folder):
        self.name, self.words, self.signs = f"{name} {device}", [name, "--device", device], None
        path = os.path.join(folder, f"{name}-{device}.json")
        if not os.path.exists(path):
            self._ask(program, path)
        with open(path) as file:
            kept = json.load(file)
        self.signs, self.levels = np.array(kept["signs"]), kept["levels"]
        self.values = {tuple(k): tuple(v) for k, v in kept["values"]}
        every = np.array(list(self.values.values()))
        front = front_of(every)
        worst = front.max(axis=0)
        self.references = {"declared": kept["reference"], "near": list(worst + 0.1 * (worst - front.min(axis=0)))}
        self.whole = {k: volume(front, r) for k, r in self.references.items()}
        self.settings = len(every)

    def _ask(self, program, path):
        found = program(self.words + ["--strategy", "exhaustive"])
        knobs = [d["knob"] for d in found["space"]]
        levels = [d["values"] for d in found["space"]]
        # A setting's text leaves out what is at its default, which is the value that none states.
        stated = [{p["setting"].get(k, None) for p in found["points"]} for k in knobs]
        default = [[v for v in values if v not in seen] for values, seen in zip(levels, stated)]
        axes = found["axes"]
        directions = {a: found["directions"][i] for i, a in enumerate(axes)}
        signs = [-1 if directions[a] == "higher" else 1 for a in axes]
        values = []
        for p in found["points"]:
            key = [levels[i].index(p["setting"].get(k, default[i][0] if default[i] else None)) for i, k in enumerate(knobs)]
            measured = {m["metric"]: m["value"] for m in p["measurements"]}
            values.append((key, [s * measured[a] for s, a in zip(signs, axes)]))
        kept = {"signs": signs, "levels": levels, "values": values, "reference": [s * r for s, r in zip(signs, found["reference"])]}
        with open(path + ".new", "w") as file:
            json.dump(kept, file)
        os.rename(path + ".new", path)

    def minimised(self, rows):
        return [[s * v for s, v in zip(self.signs, row)] for row in rows]


def _patches_area(value, worst, steps=2_000_000):
    """The integral up to 1.1 of the best that `value` reached so far: for fronts in pieces."""
    x = (np.arange(steps) + 0.5) / steps
    best = np.minimum.accumulate(value(x))
    return float(np.mean(worst - best) + 0.1 * (worst - best[-1]))


def _front_volume(name):
    sphere, sine = 1.1**3 - math.pi / 6, lambda x: x * (1 + np.sin(3 * np.pi * x))
    least = 0.2807753191  # of zdt6's f1
    return {
        "zdt1": 1.21 - 1 / 3,
        "zdt2": 1.21 - 2 / 3,
        "zdt3": _patches_area(lambda x: 1 - np.sqrt(x) - x * np.sin(10 * np.pi * x), 1.1),
        "zdt4": 1.21 - 1 / 3,
        "zdt6": 0.1 * (1 - least) + (1 - least**3) / 3 + 0.11,
        "dtlz1": 0.55**3 - 0.5**3 / 6,
        "dtlz2": sphere,
        "dtlz3": sphere,
        "dtlz4": sphere,
        "dtlz7": 1.21 * 0.6 + 2 * 1.1 * _patches_area(lambda x: -sine(x), 0),
    }[name]


class ClosedForm:
    def __init__(self, name):
        self.name, self.words, self.levels, self.settings = name, [name], None, None
        metrics = 3 if name.startswith("dtlz") else 2
        worst = {"dtlz1": [0.55] * 3, "dtlz7": [1.1, 1.1, 6.6]}.get(name, [1.1] * metrics)
        self.references = {"near": worst}
        self.whole = {"near": _front_volume(name)}

    def minimised(self, rows):
        return rows
