#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# Installs OpenVINO from its Python package (180 MB unpacked) into an environment of its own below the user's cache, where the next build
# finds it. Safe to run again.
#   scripts/openvino.sh
set -euo pipefail

version=2026.4.1
environment=${XDG_CACHE_HOME:-$HOME/.cache}/tradewind/openvino

if "$environment/bin/python" -c "import importlib.metadata as m, sys; sys.exit(not m.version('openvino').startswith('$version'))" 2>/dev/null; then
  echo "OpenVINO $version is in $environment" >&2
  exit 0
fi
rm -rf "$environment"
mkdir -p "$(dirname "$environment")"
python3 -m venv "$environment" || {
  echo "openvino.sh: python3 cannot make an environment (Debian: apt-get install python3-venv)" >&2
  exit 1
}
"$environment/bin/pip" install --quiet "openvino==$version" >&2 || {
  rm -rf "$environment"
  echo "openvino.sh: pip could not install openvino $version (180 MB): check the network and the disk" >&2
  exit 1
}
echo "OpenVINO $version is in $environment; build again" >&2
