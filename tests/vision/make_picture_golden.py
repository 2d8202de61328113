#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Small pictures in many forms, and what Pillow reads in them and makes of them resized, for image_test.cc.

  tests/vision/make_picture_golden.py      # needs Pillow (13.0 made what is here) and numpy; writes tests/vision/golden/
"""
import pathlib

import numpy as np
from PIL import Image

out = pathlib.Path(__file__).resolve().parent / "golden"
out.mkdir(exist_ok=True)
rng = np.random.default_rng(7)
y, x = np.mgrid[0:13, 0:21]
smooth = np.stack([x * 12, y * 19, 255 - x * 6 - y * 8], axis=-1).astype(np.uint8)
noise = rng.integers(0, 256, (13, 21, 3), dtype=np.uint8)
color = Image.fromarray(noise)
alpha = Image.fromarray(np.dstack([noise, rng.integers(0, 256, (13, 21), dtype=np.uint8)]), "RGBA")
gray16 = Image.fromarray(rng.integers(0, 65536, (13, 21)).astype(np.uint16))

color.save(out / "color.png")
color.convert("L").save(out / "gray.png")
color.quantize(16).save(out / "palette.png")
alpha.save(out / "alpha.png")
gray16.save(out / "gray16.png")
color.save(out / "color.bmp")
Image.fromarray(smooth).save(out / "smooth.jpg", quality=95, subsampling=0)
Image.fromarray(smooth).save(out / "progressive.jpg", quality=90, progressive=True)
Image.fromarray(smooth).convert("L").save(out / "gray.jpg", quality=95)


def raw(name, image):
    """Width, height and pixels, bytes."""
    pixels = np.asarray(image.convert("RGB"))
    (out / name).write_bytes(bytes([pixels.shape[1], pixels.shape[0]]) + pixels.tobytes())


for name in ["color.png", "gray.png", "palette.png", "color.bmp", "smooth.jpg", "progressive.jpg", "gray.jpg"]:
    raw(name + ".raw", Image.open(out / name))
raw("alpha.png.raw", Image.alpha_composite(Image.new("RGBA", alpha.size, (0, 0, 0, 255)), alpha))
raw("gray16.png.raw", Image.fromarray((np.asarray(gray16) >> 8).astype(np.uint8)))
for width, height in [(7, 5), (40, 31), (21, 6), (10, 26)]:
    raw(f"color-{width}x{height}.raw", color.resize((width, height), Image.BILINEAR))
