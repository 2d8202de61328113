# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034
# What Tradewind needs of Debian 12, in one place.

# To build and run it. cmake/Dependencies.cmake looks for the libraries; python3-pip fetches models that come as packages.
# libedit is optional: without it `tradewind chat` has no editing keys and no history, and says so.
core=(
  g++ cmake ninja-build pkg-config ccache mold ca-certificates
  libboost1.81-dev libcli11-dev libcurl4-openssl-dev libeigen3-dev libexpected-dev liblua5.4-dev libpcre2-dev libpng-dev libsimdjson-dev libsqlite3-dev
  libssl-dev libturbojpeg0-dev libutf8proc-dev libxxhash-dev libyaml-cpp-dev libzip-dev nlohmann-json3-dev zlib1g-dev
  prometheus-cpp-dev python3-pip
  libedit-dev
)

# To test it. The tests of pulling run a local HTTPS server: python3, and openssl for its certificate.
# CBC is optional: without it the search strategy `additive` says that it is missing. So is ffmpeg, which reads videos.
# LibTorch is optional, too: without it `tradewind train` says so. It wants a BLAS that is quick on one core.
# The Python package is built and tested in an environment of its own (scripts/python.sh).
test=(libgmock-dev libgtest-dev openssl python3 python3-dev python3-venv coinor-libcbc-dev ffmpeg
  libtorch-dev libopenblas0-serial)

# For ./test --tidy.
tidy=(clang-format-19 clang-tidy-19)

# To fuzz with libFuzzer (./test --long=fuzz) and to see what lines a corpus reaches (fuzz/coverage).
fuzz=(clang-19 libclang-rt-19-dev llvm-19)
