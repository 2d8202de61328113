#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Made boxes with their scores by pycocotools, for detection_test.cc: prints C++ rows.

  tests/vision/make_detection_golden.py > tests/vision/detection_golden.inc     # needs pycocotools (2.0.10 made what is here) and numpy
"""
import contextlib
import io
import random

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def made(seed, images, classes, crowds):
    """Truth, and boxes found near it, doubled, elsewhere and of the wrong class. Whole numbers, so that nothing is rounded on the way."""
    rng = random.Random(seed)
    truth, found = [], []
    for image in range(images):
        for _ in range(rng.randint(0, 6)):
            x, y, w, h = rng.randint(0, 300), rng.randint(0, 300), rng.randint(8, 120), rng.randint(8, 120)
            label = rng.randrange(classes)
            truth.append((image, label, x, y, x + w, y + h, int(crowds and rng.random() < 0.2)))
            for _ in range(rng.choice([0, 1, 1, 1, 2])):
                most = min(w, h) // 8
                shift = [rng.randint(-most, most) for _ in range(4)]
                guess = label if rng.random() < 0.9 else rng.randrange(classes)
                found.append((image, guess, x + shift[0], y + shift[1], x + w + shift[2], y + h + shift[3], rng.randint(1, 64) / 64))
        for _ in range(rng.randint(0, 3)):
            x, y = rng.randint(0, 300), rng.randint(0, 300)
            found.append((image, rng.randrange(classes), x, y, x + rng.randint(4, 90), y + rng.randint(4, 90), rng.randint(1, 64) / 64))
    return truth, found


def scored(truth, found, images, classes):
    boxes = lambda b: [b[2], b[3], b[4] - b[2], b[5] - b[3]]
    coco = COCO()
    coco.dataset = {
        "info": {},
        "licenses": [],
        "images": [{"id": i} for i in range(images)],
        "categories": [{"id": c} for c in range(classes)],
        "annotations": [{"id": n + 1, "image_id": t[0], "category_id": t[1], "bbox": boxes(t), "area": boxes(t)[2] * boxes(t)[3], "iscrowd": t[6]}
                        for n, t in enumerate(truth)],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        coco.createIndex()
        results = coco.loadRes([{"image_id": f[0], "category_id": f[1], "bbox": boxes(f), "score": f[6]} for f in found])
        run = COCOeval(coco, results, "bbox")
        run.evaluate()
        run.accumulate()
    precision = run.eval["precision"][:, :, :, 0, -1]  # [overlap, recall, class], all areas, 100 boxes
    recall = run.eval["recall"][:, :, 0, -1]
    mean = lambda a: float(np.mean(a[a > -1])) if (a > -1).any() else 0.0
    return mean(precision), mean(precision[0]), mean(precision[5]), mean(recall)


print("// Made by make_detection_golden.py: {truth}, {found}, {ap, ap50, ap75, recall}.")
for seed, images, classes, crowds in [(1, 1, 1, False), (2, 6, 3, False), (3, 20, 5, True), (4, 40, 2, True)]:
    truth, found = made(seed, images, classes, crowds)
    row = lambda r: "{" + ", ".join(repr(v) for v in r) + "}"
    print("{{" + ", ".join(map(row, truth)) + "},\n {" + ", ".join(map(row, found)) + "},\n " + row(scored(truth, found, images, classes)) + "},")
