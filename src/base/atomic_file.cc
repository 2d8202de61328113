// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/atomic_file.h"

#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/file.h"

namespace tradewind {

Result<AtomicFile> AtomicFile::Create(const std::string& path) {
  std::error_code ignored;
  std::string target = path;
  if (std::filesystem::is_symlink(path, ignored)) {
    const auto resolved = std::filesystem::canonical(path, ignored);
    if (!ignored) target = resolved.string();
  }
  static std::atomic<uint64_t> serial{0};
  AtomicFile file(target, std::string(), -1);  // before there is a file to leave behind
  std::string temporary;
  int fd = -1;
  for (int attempt = 0; attempt < 100 && fd < 0; ++attempt) {
    temporary = target + ".tmp-" + std::to_string(getpid()) + "-" + std::to_string(serial.fetch_add(1));
    fd = OpenRetrying(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (fd < 0 && errno != EEXIST) return Fail(SystemError("create", temporary, errno));
  }
  if (fd < 0) return Fail(SystemError("create", temporary, EEXIST));
  file.temporary_.swap(temporary);
  file.fd_ = Descriptor(fd);
  struct stat old{};
  if (stat(target.c_str(), &old) == 0 && fchmod(fd, old.st_mode & 07777) != 0) {
    return Fail(SystemError("set the permissions of", file.temporary_, errno));
  }
  return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : target_(std::move(other.target_)), temporary_(std::exchange(other.temporary_, {})), fd_(std::move(other.fd_)) {}

AtomicFile::~AtomicFile() {
  if (!temporary_.empty()) unlink(temporary_.c_str());
}

Result<void> AtomicFile::Write(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(fd_.get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return Fail(SystemError("write", temporary_, errno));
    bytes = bytes.subspan(static_cast<size_t>(wrote));
  }
  return {};
}

Result<void> AtomicFile::Commit() {
  if (fsync(fd_.get()) != 0) return Fail(SystemError("write", temporary_, errno));
  if (close(fd_.release()) != 0) return Fail(SystemError("close", temporary_, errno));
  if (rename(temporary_.c_str(), target_.c_str()) != 0) return Fail(SystemError("replace", target_, errno));
  temporary_.clear();
  // The rename itself is durable only once its directory is.
  const size_t slash = target_.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : target_.substr(0, slash + 1);
  const Descriptor directory(OpenRetrying(folder.c_str(), O_RDONLY | O_DIRECTORY));
  if (directory.get() < 0) return Fail(SystemError("open", folder, errno));
  // Some file systems (network, FUSE) cannot sync a directory and say EINVAL; there is nothing more to do on them.
  if (fsync(directory.get()) != 0 && errno != EINVAL) return Fail(SystemError("sync", folder, errno));
  return {};
}

Result<void> WriteFileAtomically(const std::string& path, std::string_view contents) {
  TW_ASSIGN(AtomicFile file, AtomicFile::Create(path));
  TW_RETURN_IF_ERROR(file.Write(std::as_bytes(std::span(contents))));
  return file.Commit();
}

}  // namespace tradewind
