// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Fetching a recorded table's data to where LoadRecorded looks for it. Each file is checked against its SHA-256 before it takes its name;
// one that is there already and right is left alone, so that a pull that was stopped goes on. One pull of a table at a time.
//
//   TW_ASSIGN(PullTableReport report, PullTable("yolobench", {}, control));
#pragma once

#include <cstdint>
#include <string>

#include "base/status.h"
#include "net/download.h"
#include "net/transfer.h"

namespace tradewind {

struct PullTableOptions {
  std::string from{};  // a folder to copy the files from, laid out as the data folder, instead of their addresses
  DownloadOptions download{};
};

struct PullTableReport {
  std::string folder;  // where the data lies now
  size_t files = 0;
  size_t already_there = 0;
  uint64_t bytes = 0;  // of all files
  std::string licence;
};

// kNotFound: no such table, or a file without an address (it must be copied by hand). kInvalidInput: a file that came has another hash.
Result<PullTableReport> PullTable(const std::string& name_or_path, const PullTableOptions& options, const TransferControl& control);

}  // namespace tradewind
