#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/search/pymoo_numbers.h: what pymoo answers on points that the test draws too.

  pip install numpy==2.4.6 pymoo==0.6.2 && python3 tests/search/indicators_reference.py > tests/search/pymoo_numbers.h
"""
import numpy as np
from pymoo.indicators.hv import HV
from pymoo.indicators.igd_plus import IGDPlus
from pymoo.operators.survival.rank_and_crowding.metrics import calc_crowding_distance
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting


def draw(seed, n):
    values = []
    for _ in range(n):
        seed = (1103515245 * seed + 12345) & 0x7FFFFFFF
        values.append((seed >> 21) / 1024.0)
    return np.array(values)


def emit(kind, name, values):
    text = ", ".join(repr(v) for v in np.atleast_1d(values).tolist())
    print(f"inline const std::vector<{kind}> {name} = {{{text}}};")


print("// SPDX-FileCopyrightText: 2026 The Tradewind Authors\n// SPDX-License-Identifier: Apache-2.0")
print("// Written by tests/search/indicators_reference.py with pymoo; do not edit.\n// clang-format off\n#pragma once\n")
print("#include <cstdint>\n#include <vector>\n\nnamespace tradewind::reference {\n")
volumes, igds = [], []
for m in (2, 3, 4, 5, 6):
    p = draw(m, 40 * m).reshape(40, m)
    volumes.append(HV(np.full(m, 0.9))(p))
    igds.append(IGDPlus(draw(50 + m, 15 * m).reshape(15, m))(p))
emit("double", "kVolumes", volumes)  # 40 points of 2 to 6 objectives, reference 0.9
emit("double", "kIgdPlus", igds)
for m in (2, 3):
    p = draw(100 + m, 60 * m).reshape(60, m)
    rank = np.zeros(60, dtype=int)
    for r, front in enumerate(NonDominatedSorting().do(p)):
        rank[front] = r
    emit("uint32_t", f"kRanks{m}", rank)
p = draw(200, 12 * 2).reshape(12, 2)
emit("double", "kCrowding", np.where(np.isinf(calc_crowding_distance(p)), 1e300, calc_crowding_distance(p)))
print("\n}  // namespace tradewind::reference")
