// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// A folder of its own for a test's table file and data.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <string>

#include "recorded/library.h"

namespace tradewind {

class RecordedFolder {
 public:
  RecordedFolder() {
    static std::atomic<int> next = 0;
    path_ = std::filesystem::temp_directory_path() / ("tradewind_recorded_" + std::to_string(getpid()) + "_" + std::to_string(next++));
    std::filesystem::create_directories(path_);
  }
  RecordedFolder(const RecordedFolder&) = delete;
  ~RecordedFolder() { std::filesystem::remove_all(path_); }

  std::string path() const { return path_.string(); }
  std::string Write(const std::string& name, const std::string& text) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }

 private:
  std::filesystem::path path_;
};

// A table of two knobs and two metrics on two devices; `change` replaces texts of the table file before it is read.
inline std::string SmallSpec(const std::string& from = "", const std::string& to = "") {
  std::string text = R"(name: small
description: A table of a test
tables:
  - path: small.csv
knobs:
  - {name: bits, column: bits, type: integer}
  - {name: kind, column: kind}
metrics:
  - {name: quality, direction: higher, definition: How good., column: quality}
  - {name: latency_ms, unit: ms, direction: lower, definition: How slow., column: 'ms_{device}'}
devices: {headers: '^ms_(.*)$', default: b, split: {train: [a], test: [b]}}
workloads:
  - {name: both, axes: [quality, latency_ms], reference: [0, worst]}
)";
  const size_t at = from.empty() ? std::string::npos : text.find(from);
  if (at != std::string::npos) text.replace(at, from.size(), to);
  EXPECT_TRUE(from.empty() || at != std::string::npos) << from;
  return text;
}
inline constexpr const char* kSmallCsv = "bits,kind,quality,ms_a,ms_b\n4,x,0.5,1,10\n8,x,0.8,2,30\n8,y,0.7,1.5,20\n";

// The error of opening that table with this data, or "no error".
inline std::string SmallError(const std::string& csv, const std::string& from = "", const std::string& to = "") {
  const RecordedFolder folder;
  folder.Write("small.csv", csv);
  const auto opened = OpenRecorded(folder.Write("small.yaml", SmallSpec(from, to)), "", "");
  return opened ? "no error" : opened.error().ToString();
}

}  // namespace tradewind
