// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A file that appears whole or not at all: what is written goes to a temporary file beside it, which Commit() makes durable and renames.
// Destroyed before that, it leaves nothing behind, and a file that was there stays as it was. One thread at a time.
//
//   TW_ASSIGN(AtomicFile file, AtomicFile::Create("model.gguf"));
//   TW_RETURN_IF_ERROR(file.Write(bytes));
//   TW_RETURN_IF_ERROR(file.Commit());
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "base/file_descriptor.h"
#include "base/status.h"

namespace tradewind {

class AtomicFile {
 public:
  // A symbolic link stays one: what it points to is replaced. The permissions are those of the file that is replaced, if there is one.
  static Result<AtomicFile> Create(const std::string& path);
  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&&) = delete;
  ~AtomicFile();

  // Errors name the file and the system's reason: kResourceExhausted where the disk is full.
  Result<void> Write(std::span<const std::byte> bytes);
  Result<void> Commit();

 private:
  AtomicFile(std::string target, std::string temporary, int fd) : target_(std::move(target)), temporary_(std::move(temporary)), fd_(fd) {}
  std::string target_;
  std::string temporary_;  // empty once renamed
  Descriptor fd_;
};

}  // namespace tradewind
