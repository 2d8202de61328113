#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes what PyPI gguf says of GGUF files, for the reader and the writer to be held against.

data/small.gguf: a file by gguf's own writer, with every value type and every tensor type read here.
data/NAME.gguf.tsv, one for each FILE argument: its keys and tensors as gguf's reader sees them, a line each:
    key     name  type  [element type  count]  CRC-32 of the value's bytes as stored (of an array: of its elements)
    tensor  name  type  shape (row length first, joined by x)  offset  CRC-32 of the data's first and last 256 bytes

    pip install gguf numpy && python3 make_gguf_golden.py FILE...
"""
import pathlib
import sys
import zlib

import numpy as np
from gguf import GGML_QUANT_SIZES, GGMLQuantizationType as T, GGUFReader, GGUFValueType as V, GGUFWriter

OUT = pathlib.Path(__file__).parent / "data"


def small():
    writer = GGUFWriter(OUT / "small.gguf", "llama")
    scalars = [(V.UINT8, 250), (V.INT8, -7), (V.UINT16, 65000), (V.INT16, -30000), (V.UINT32, 4000000000), (V.INT32, -2000000000),
               (V.FLOAT32, 0.15625), (V.BOOL, True), (V.UINT64, 1 << 63), (V.INT64, -(1 << 62)), (V.FLOAT64, 0.1)]
    for kind, value in scalars:
        writer.add_key_value(f"scalar.{kind.name.lower()}", value, kind)
    writer.add_string("text", "grüß \u4e16\u754c")
    for kind, values in [(V.INT32, [1, -2, 3]), (V.FLOAT32, [0.5, -1.25]), (V.BOOL, [True, False]), (V.STRING, ["a", "", "ccc"]), (V.UINT64, [7])]:
        writer.add_key_value(f"array.{kind.name.lower()}", values, V.ARRAY, sub_type=kind)
    writer.add_custom_alignment(64)
    for kind in [T.F32, T.F16, T.BF16, T.Q8_0, T.Q4_0, T.Q4_1, T.Q5_0, T.Q5_1, T.Q2_K, T.Q3_K, T.Q4_K, T.Q5_K, T.Q6_K,
                 T.IQ4_NL, T.IQ4_XS, T.MXFP4]:
        values, size = GGML_QUANT_SIZES[kind]
        blocks = 256 // values
        data = (np.arange(3 * blocks * size) * 7 % 251).astype(np.uint8).reshape(3, blocks * size)
        writer.add_tensor(f"t.{kind.name}", data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def describe(path):
    reader = GGUFReader(path)
    lines = []
    for name, field in reader.fields.items():
        if name.startswith("GGUF."):
            continue
        kind = field.types[0]
        if kind == V.ARRAY:  # parts: key length, key, type, element type, count, elements
            stored = b"".join(part.tobytes() for part in field.parts[5:])
            detail = [V(int(field.parts[3][0])).name.lower(), str(int(field.parts[4][0]))]
        elif kind == V.STRING:
            stored, detail = field.parts[-1].tobytes(), []
        else:
            stored, detail = field.parts[-1].tobytes(), []
        lines.append(["key", name, kind.name.lower(), *detail, str(zlib.crc32(stored))])
    for t in reader.tensors:
        shape = "x".join(str(int(n)) for n in t.shape)
        data = t.data.reshape(-1).view(np.uint8)
        ends = data[:256].tobytes() + data[-256:].tobytes()
        lines.append(["tensor", t.name, t.tensor_type.name, shape, str(t.data_offset), str(zlib.crc32(ends))])
    (OUT / (pathlib.Path(path).name + ".tsv")).write_text("".join("\t".join(line) + "\n" for line in lines))


if __name__ == "__main__":
    small()
    describe(OUT / "small.gguf")
    for argument in sys.argv[1:]:
        describe(argument)
