#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""The logits of quantised and float TFLite models by LiteRT's reference kernels, for native_tflite_test.cc.

  tests/graph/make_tflite_golden.py SHARED_FOLDER     # needs ai-edge-litert (2.3.0 made what is here) and numpy

The input is a pattern, not a picture: byte i is the top byte of i * 2654435761 in 32 bits (int8: less 128; float: over 255).
"""
import pathlib
import sys

import numpy as np
from ai_edge_litert.interpreter import Interpreter, OpResolverType

MODELS = [
    "vision/coral/mobilenet_v1_0.25_128_quant",
    "vision/coral/mobilenet_v1_0.5_160_quant",
    "vision/coral/mobilenet_v1_0.75_192_quant",
    "vision/coral/mobilenet_v2_1.0_224_quant",
    "vision/mlperf-tiny/benchmark/training/image_classification/trained_models/pretrainedResnet_quant",
    "vision/mlperf-tiny/benchmark/training/image_classification/trained_models/pretrainedResnet",
    "vision/mlperf-tiny/benchmark/training/visual_wake_words/trained_models/vww_96_int8",
    "vision/mlperf-tiny/benchmark/training/visual_wake_words/trained_models/vww_96_float",
    "speech/mlperf-tiny/benchmark/training/keyword_spotting/trained_models/kws_ref_model",
]


def pattern(shape, dtype):
    index = np.arange(int(np.prod(shape)), dtype=np.uint64)
    byte = ((index * 2654435761) % 2**32 >> 24).astype(np.uint8).reshape(shape)
    if dtype == np.int8:
        return (byte.astype(np.int16) - 128).astype(np.int8)
    return byte / np.float32(255) if dtype == np.float32 else byte


def main():
    shared = pathlib.Path(sys.argv[1]) / "assets"
    out = pathlib.Path(__file__).resolve().parent / "golden"
    out.mkdir(exist_ok=True)
    for model in MODELS:
        interpreter = Interpreter(str(shared / f"{model}.tflite"), experimental_op_resolver_type=OpResolverType.BUILTIN_REF,
                                  experimental_preserve_all_tensors=True)
        interpreter.allocate_tensors()
        given = interpreter.get_input_details()[0]
        interpreter.set_tensor(given["index"], pattern(given["shape"], given["dtype"]).astype(given["dtype"]))
        interpreter.invoke()
        softmax = [op for op in interpreter._get_ops_details() if op["op_name"] == "SOFTMAX"][-1]
        logits = interpreter.get_tensor(softmax["inputs"][0])
        logits.tofile(out / f"{model.rsplit('/', 1)[1]}.logits")
        print(model, logits.dtype, logits.shape)


main()
