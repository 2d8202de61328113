#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Prints pymoo_numbers.h: pymoo 0.6.2's values of the problems at x_i = low + (high - low) * frac(0.37 + 0.618034 i), i from 1."""
import numpy as np
from pymoo.problems import get_problem

print("// SPDX-FileCopyrightText: 2026 The Tradewind Authors\n// SPDX-License-Identifier: Apache-2.0\n// Made by make_numbers.py with pymoo 0.6.2.")
print("#pragma once\n\n#include <map>\n#include <string>\n#include <vector>\n\nnamespace tradewind {\n")
print("inline const std::map<std::string, std::vector<double>> kPymooValues = {")
for name, args in [("zdt1", {}), ("zdt2", {}), ("zdt3", {}), ("zdt4", {}), ("zdt6", {})] + [
        (f"dtlz{k}:{m}", {"n_obj": m}) for k in (1, 2, 3, 4, 7) for m in (2, 3, 4)]:
    base = name.split(":")[0]
    if args:
        m = args["n_obj"]
        args["n_var"] = m - 1 + {"dtlz1": 5, "dtlz7": 20}.get(base, 10)
    problem = get_problem(base, **args)
    low, high = problem.bounds()
    i = np.arange(1, problem.n_var + 1)
    x = low + (high - low) * np.modf(0.37 + 0.618034 * i)[0]
    print("    {\"%s\", {%s}}," % (name, ", ".join("%.15g" % v for v in problem.evaluate(x))))
print("};\n\n}  // namespace tradewind")
