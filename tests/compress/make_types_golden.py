#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Writes data/llama_cpp_types.tsv: which type llama.cpp's own quantiser would give each matrix of some models (--dry-run).

    python3 make_types_golden.py LLAMA_QUANTIZE MODEL.gguf...

A line `model NAME LAYERS HEADS KV_HEADS`, then `tensor NAME TYPE SHAPE` for each tensor, then `types RECIPE LIST`: the types in the order
of the tensors, run by run (`3*q4_K`). All separated by tabs.
"""
import itertools
import pathlib
import re
import subprocess
import sys

RECIPES = ["F32", "F16", "BF16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q4_0", "Q3_K_M", "Q2_K"]
TENSOR = re.compile(r"\[ *\d+/ *\d+\] (\S+) +- \[ *(\d+), *(\d+), *(\d+), *(\d+)\], type = +(\S+), size =[^(\n]*(?:\((\S+)\))?")


def dry_run(program, model, recipe):
    done = subprocess.run([program, "--dry-run", "--allow-requantize", model, recipe], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def number(text, key):
    return re.search(rf"\.{key} +u32 += (\d+)", text).group(1)


def main():
    program, models = sys.argv[1], sys.argv[2:]
    lines = []
    for model in models:
        tensors = None
        for recipe in RECIPES:
            text = dry_run(program, model, recipe)
            found = TENSOR.findall(text)
            if tensors is None:
                tensors = found
                lines.append("\t".join(["model", pathlib.Path(model).stem, number(text, "block_count"),
                                        number(text, r"attention\.head_count"), number(text, r"attention\.head_count_kv")]))
                for name, *shape, kind, _ in found:
                    lines.append("\t".join(["tensor", name, kind, "x".join(shape)]))
            assert [t[0] for t in found] == [t[0] for t in tensors]
            types = [new or kind for *_, kind, new in found]
            runs = [(kind, len(list(group))) for kind, group in itertools.groupby(types)]
            lines.append("\t".join(["types", recipe, " ".join(f"{n}*{kind}" for kind, n in runs)]))
    (pathlib.Path(__file__).parent / "data" / "llama_cpp_types.tsv").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
