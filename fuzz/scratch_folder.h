// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// For fuzzers of readers that take paths: a folder of this process, which goes with it, and an input that stands for several files.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace tradewind {

class ScratchFolder {
 public:
  ScratchFolder() : path_(std::filesystem::temp_directory_path() / ("tradewind_fuzz_" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;

  std::string Path(const std::string& name) const { return path_ / name; }
  void Write(const std::string& name, std::string_view bytes) const {
    std::ofstream(path_ / name, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  void Remove(const std::string& name) const { std::filesystem::remove(path_ / name); }

 private:
  std::filesystem::path path_;
};

// Some inputs are read from a file, too; not all, which would take most of the time.
inline bool IsForAFile(size_t size) {
  return size % 32 == 0;
}

// The parts between lines "#file"; at most `most`, the last with all the rest.
inline std::vector<std::string_view> SplitFiles(std::string_view bytes, size_t most) {
  constexpr std::string_view kMark = "\n#file\n";
  std::vector<std::string_view> files;
  for (size_t end = bytes.find(kMark); end != std::string_view::npos && files.size() + 1 < most; end = bytes.find(kMark)) {
    files.push_back(bytes.substr(0, end));
    bytes.remove_prefix(end + kMark.size());
  }
  files.push_back(bytes);
  return files;
}

}  // namespace tradewind
