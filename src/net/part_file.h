// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A file being filled: opened (kept or emptied), written at its end, synced. A full disk is kResourceExhausted and names the path and
// the bytes that were to come. Owned by one thread; what was written stays when it goes out of scope, so that a later try can go on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/status.h"

namespace tradewind {

class PartFile {
 public:
  // Opens for appending; makes the file if needed, empties it unless `keep`.
  static Result<PartFile> Open(const std::string& path, bool keep);
  PartFile(PartFile&& other) noexcept;
  PartFile& operator=(PartFile&& other) noexcept;
  ~PartFile();

  uint64_t size() const { return size_; }
  const std::string& path() const { return path_; }
  Result<void> Append(std::span<const std::byte> bytes);
  Result<void> Truncate();
  // Waits until the bytes are on the disk.
  Result<void> Sync();

 private:
  PartFile(std::string path, int fd, uint64_t size) : path_(std::move(path)), fd_(fd), size_(size) {}
  tl::unexpected<Status> Failed(const char* doing, int error, uint64_t wanted_bytes) const;
  std::string path_;
  int fd_ = -1;
  uint64_t size_ = 0;
};

// kResourceExhausted unless the file system of `folder` has room for `bytes` more (and a small reserve).
Result<void> CheckFreeSpace(const std::string& folder, uint64_t bytes, const std::string& what);

// Makes a folder and those above it; kIo says which could not be made and why.
Result<void> MakeFolders(const std::string& folder);

// Removes a file or a whole folder; what is absent is removed already.
Result<void> RemoveAll(const std::string& path);

}  // namespace tradewind
