// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What is written down beside an installed model: FOLDER/NAME.json. Internal to net.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/status.h"

namespace tradewind {

struct InstallRecord {
  std::string sha256;
  uint64_t size_bytes = 0;
  int64_t mtime_ns = 0;  // of the model file when its hash was last seen to match
  std::string description, modality, licence, licence_url, source;
};

// The record of the model file at `model_path`; none if absent or unreadable (then the model counts as unverified).
std::optional<InstallRecord> LoadRecord(const std::string& model_path);
// Fills in size and time from the model file and writes the record.
Result<void> SaveRecord(const std::string& model_path, InstallRecord record);
std::string RecordPath(const std::string& model_path);

struct FileFacts {
  uint64_t size_bytes = 0;
  int64_t mtime_ns = 0;
};
// Of a regular file; none otherwise.
std::optional<FileFacts> LookAt(const std::string& path);

}  // namespace tradewind
