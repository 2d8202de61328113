# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""A figure over rounds."""
import random
import statistics

BOOTSTRAP_SAMPLES = 10_000


def interval(values):
    """The median with its bootstrap 95 % interval (percentile method; rounds are the unit, so that pairs stay together)."""
    generator = random.Random(1)
    medians = sorted(statistics.median(generator.choices(values, k=len(values))) for _ in range(BOOTSTRAP_SAMPLES))
    return {"value": statistics.median(values), "low": medians[int(0.025 * BOOTSTRAP_SAMPLES)],
            "high": medians[int(0.975 * BOOTSTRAP_SAMPLES) - 1], "rounds": len(values)}
