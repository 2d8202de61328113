#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes data/TYPE.dequant: N random rows of blocks, then their values as PyPI gguf's dequantize gives them (float32).

N is the file's size / (block bytes + 4 * block values). The scales take every edge in turn: zero of both signs, the smallest
and the largest subnormal half, the smallest normal one, the largest finite one, either sign. No infinities and no NaN: the
sign of the NaN that 0 * inf gives is the processor's choice.

    pip install gguf numpy && python3 make_dequant_golden.py
"""
import pathlib

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as T
from gguf.quants import dequantize

EDGES = [0x0000, 0x8000, 0x0001, 0x8001, 0x03FF, 0x83FF, 0x0400, 0x8400, 0x7BFF, 0xFBFF, 0x3C00, 0xBC00]
# Where the halves lie in a block.
SCALES = {T.Q8_0: [0], T.Q4_0: [0], T.Q4_1: [0, 2], T.Q5_0: [0], T.Q4_K: [0, 2], T.Q6_K: [208], T.Q5_1: [0, 2], T.Q2_K: [80, 82],
          T.Q3_K: [108], T.Q5_K: [0, 2], T.IQ4_NL: [0], T.IQ4_XS: [0]}
# Exponents of MXFP4; 252 is the largest whose every value is finite.
EXPONENT_EDGES = [0, 1, 2, 3, 252, 127, 128]
# Kept in this order, so that the older files stay as they are.
KINDS = [T.F16, T.BF16, T.Q8_0, T.Q4_0, T.Q4_1, T.Q5_0, T.Q4_K, T.Q6_K, T.Q5_1, T.Q2_K, T.Q3_K, T.Q5_K, T.IQ4_NL, T.IQ4_XS, T.MXFP4]


def random_half(rng):
    while True:
        half = int(rng.integers(0, 1 << 16))
        if half & 0x7C00 != 0x7C00:
            return half


def block_count(kind):
    if kind in (T.F16, T.BF16):
        return 256
    return 14 if GGML_QUANT_SIZES[kind][0] == 256 else 28


def main():
    out = pathlib.Path(__file__).parent / "data"
    rng = np.random.default_rng(20260101)
    for kind in KINDS:
        values, size = GGML_QUANT_SIZES[kind]
        count = block_count(kind)
        blocks = rng.integers(0, 256, (count, size), dtype=np.uint8)
        for i, block in enumerate(blocks):
            for j, at in enumerate(SCALES.get(kind, [])):
                half = EDGES[(i + 5 * j) % len(EDGES)] if i < len(EDGES) else random_half(rng)
                block[at:at + 2] = np.frombuffer(np.uint16(half).tobytes(), np.uint8)
            if kind == T.F16:
                block[:] = np.frombuffer(np.uint16(EDGES[i] if i < len(EDGES) else random_half(rng)).tobytes(), np.uint8)
            if kind == T.BF16 and block[1] & 0x7F == 0x7F and block[0] & 0x80:
                block[1] ^= 0x01
            if kind == T.MXFP4:
                block[0] = EXPONENT_EDGES[i] if i < len(EXPONENT_EDGES) else rng.integers(0, 253)
        expected = dequantize(blocks.reshape(1, -1), kind).astype(np.float32)
        assert expected.size == count * values and np.isfinite(expected).all(), kind
        (out / f"{kind.name}.dequant").write_bytes(blocks.tobytes() + expected.tobytes())


if __name__ == "__main__":
    main()
