#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes data/quantize.f32, rows of 256 random values (float32), and data/TYPE.quantized: what PyPI gguf's quantize makes of them.

    pip install gguf numpy && python3 make_quantize_golden.py
"""
import pathlib

import numpy as np
from gguf import GGMLQuantizationType as T
from gguf.quants import quantize


def main():
    out = pathlib.Path(__file__).parent / "data"
    rng = np.random.default_rng(20261126)
    # As weights are: bell-shaped with some far out, rows of different size, some off centre, and one of zeros.
    rows = np.concatenate([rng.normal(0, 0.02, (3, 256)), rng.laplace(0, 0.05, (2, 256)), rng.standard_t(4, (2, 256)) * 0.3,
                           rng.normal(0.1, 0.05, (1, 256)), rng.normal(0, 1, (1, 256)), np.zeros((1, 256))]).astype(np.float32)
    (out / "quantize.f32").write_bytes(rows.tobytes())
    for kind in [T.Q8_0, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.BF16, T.F16]:
        (out / f"{kind.name}.quantized").write_bytes(quantize(rows, kind).tobytes())


if __name__ == "__main__":
    main()
