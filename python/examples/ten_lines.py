# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Which Taylor polynomial of exp, and after how many halvings of its argument? A function of your own, searched in ten lines.
import math

import tradewind as tw


@tw.tunable(knobs={"terms": tw.integer(1, 12), "halvings": tw.integer(0, 6)}, metrics={"error": "lower", "multiplications": "lower"})
def exponential(terms, halvings):
    x = 1.5 / 2**halvings
    value = sum(x**k / math.factorial(k) for k in range(terms + 1)) ** 2**halvings
    return {"error": abs(value - math.exp(1.5)), "multiplications": terms + halvings}


print(tw.search(exponential, store="exponential.db"))
