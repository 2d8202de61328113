// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// Files as the rest of Tradewind needs them: a read-only mapping, whole-file reads with a limit, atomic replacement.
// Errors carry the path and the system's reason. A MappedFile may be read by many threads.
//
//   TW_ASSIGN(MappedFile file, MappedFile::Open(path));
//   std::span<const std::byte> bytes = file.bytes();
//   TW_RETURN_IF_ERROR(file.CheckWhole());   // after reading: were those the file's bytes?
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/status.h"

namespace tradewind {

class MappedFile {
 public:
  // Maps a regular file read-only. An empty file gives an empty span. kNotFound if absent, kInvalidInput if not a regular file,
  // kResourceExhausted with kMostMappings open at once.
  static Result<MappedFile> Open(const std::string& path);
  // The same for a path that another file gives: below `folder`, in plain names. kInvalidInput for an absolute path, "." and "..", a
  // symbolic link on the way, and a file with a second name (hard link), which may be one from elsewhere.
  static Result<MappedFile> OpenBelow(const std::string& folder, const std::string& relative);
  MappedFile(MappedFile&& other) noexcept;
  MappedFile& operator=(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  ~MappedFile();

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  const std::string& path() const { return path_; }
  // Tells the kernel that these pages will not be read again soon, so that they stop counting as resident.
  // Reading them later still works. `part` must lie inside bytes().
  void Release(std::span<const std::byte> part) const;
  // kIo if the file has become shorter since it was opened, or a page of it could not be read: what was read may be zeros then, and for
  // good. Without GuardMappings (base/mapping_guard.h) reading what is gone ends the process before this can be asked. A system call.
  Result<void> CheckWhole() const;

 private:
  explicit MappedFile(std::string path) : path_(std::move(path)) {}
  static Result<MappedFile> Map(int fd, const std::string& path);
  std::string path_;
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
  int mapping_ = -1;  // in the table of mapping_guard.h
  dev_t device_ = 0;
  ino_t inode_ = 0;  // which file it was: the path may lead to another by now
};

// The result of reading `source`, unless that became shorter meanwhile: then this is what went wrong, whatever the reader made of it.
template <typename Source, typename T>
Result<T> IfWhole(const Source& source, Result<T> result) {
  if (auto whole = source.CheckWhole(); !whole) return Fail(std::move(whole).error());
  return result;
}

// Reads a whole file (or, for "-", standard input) of at most `limit_bytes`; kInvalidInput naming the limit if it is larger.
Result<std::string> ReadFile(const std::string& path, uint64_t limit_bytes);

// Replaces `path` by `contents`: written to a temporary file beside it, fsynced, renamed. On error the old file is untouched.
Result<void> WriteFileAtomically(const std::string& path, std::string_view contents);

// Where downloads and other artefacts lie: $XDG_CACHE_HOME/tradewind, or ~/.cache/tradewind.
std::string CacheDir();
// Where what must not be lost lies: $XDG_DATA_HOME/tradewind, or ~/.local/share/tradewind.
std::string DataDir();
// Where the profile store lies: $TRADEWIND_STORE, else $XDG_DATA_HOME/tradewind/profile.db, else ~/.local/share/tradewind/profile.db.
std::string StorePath();

}  // namespace tradewind
