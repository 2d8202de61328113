// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// How the profile store's file is opened. The defaults are for programs; the rest is for commands that only look, and for tests.
#pragma once

#include <cstdint>

#include "base/clock.h"

namespace tradewind {

struct StoreOptions {
  // Only look: never creates, changes or migrates. kNotFound where there is no file.
  bool read_only = false;
  // How long to wait for another process that is writing.
  Duration busy_timeout = Duration::Seconds(10);
  // The file grows to at most this many pages of 4 KiB; 0: as far as the disk allows.
  int64_t max_pages = 0;
};

}  // namespace tradewind
