// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/part_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "base/units.h"

namespace tradewind {
namespace {

// Left free for everyone else: a disk filled to the last byte breaks more than a download.
constexpr uint64_t kReserve_bytes = 16 << 20;

}  // namespace

Result<PartFile> PartFile::Open(const std::string& path, bool keep) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND | (keep ? 0 : O_TRUNC), 0644);
  if (fd < 0)
    return Fail(StatusCode::kIo, "cannot write " + path + ": " + std::strerror(errno) + "; check the folder's owner and permissions");
  struct stat info{};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(fd);
    return Fail(StatusCode::kIo, "cannot write " + path + ": it is not a regular file; remove it");
  }
  return PartFile(path, fd, static_cast<uint64_t>(info.st_size));
}

PartFile::PartFile(PartFile&& other) noexcept
    : path_(std::move(other.path_)), fd_(std::exchange(other.fd_, -1)), size_(std::exchange(other.size_, 0)) {}

PartFile& PartFile::operator=(PartFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(fd_, other.fd_);
  std::swap(size_, other.size_);
  return *this;
}

PartFile::~PartFile() {
  if (fd_ >= 0) ::close(fd_);
}

tl::unexpected<Status> PartFile::Failed(const char* doing, int error, uint64_t wanted_bytes) const {
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return Fail(StatusCode::kResourceExhausted, "no room to write " + std::to_string(wanted_bytes) + " more bytes to " + path_ + " (" +
                                                    std::strerror(error) + "); free some space and run the same command again");
  }
  return Fail(StatusCode::kIo, std::string("cannot ") + doing + " " + path_ + ": " + std::strerror(error));
}

Result<void> PartFile::Append(std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed("write", errno, bytes.size());
    size_ += static_cast<uint64_t>(n);
    bytes = bytes.subspan(static_cast<size_t>(n));
  }
  return {};
}

Result<void> PartFile::Truncate() {
  if (::ftruncate(fd_, 0) != 0) return Failed("empty", errno, 0);
  size_ = 0;
  return {};
}

Result<void> PartFile::Sync() {
  if (::fsync(fd_) != 0) return Failed("sync", errno, 0);
  return {};
}

Result<void> CheckFreeSpace(const std::string& folder, uint64_t bytes, const std::string& what) {
  struct statvfs info{};
  // A file system that cannot say how full it is will say so when it is written to.
  if (::statvfs(folder.c_str(), &info) != 0 || info.f_blocks == 0) return {};
  const uint64_t free_bytes = static_cast<uint64_t>(info.f_bavail) * info.f_frsize;
  if (bytes <= free_bytes && free_bytes - bytes >= kReserve_bytes) return {};
  return Fail(StatusCode::kResourceExhausted, what + " needs " + std::to_string(bytes) + " bytes (" + FormatBytes(bytes) + ") in " +
                                                  folder + ", where " + FormatBytes(free_bytes) +
                                                  " are free; free some space, or set XDG_CACHE_HOME to a folder on a larger disk");
}

Result<void> MakeFolders(const std::string& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return Fail(StatusCode::kIo, "cannot make the folder " + folder + ": " + error.message());
  return {};
}

Result<void> RemoveAll(const std::string& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  if (error) return Fail(StatusCode::kIo, "cannot remove " + path + ": " + error.message());
  return {};
}

}  // namespace tradewind
