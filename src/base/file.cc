// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <pwd.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>
#include <vector>

#include "base/file_descriptor.h"
#include "base/mapping_guard.h"

namespace tradewind {
namespace {

std::string Variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

std::string Home() {
  std::string home = Variable("HOME");
  if (!home.empty()) return home;
  passwd entry{};
  passwd* found = nullptr;
  std::vector<char> buffer(16384);
  if (getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found) == 0 && found) return found->pw_dir;
  return ".";
}

// The XDG base directory rules: a relative path in the variable is to be ignored.
std::string XdgDir(const char* variable, const char* below_home) {
  const std::string value = Variable(variable);
  return (value.starts_with('/') ? value : Home() + below_home) + "/tradewind";
}

}  // namespace

Status SystemError(std::string_view verb, const std::string& path, int error) {
  const std::string text = "cannot " + std::string(verb) + " '" + path + "': " + std::generic_category().message(error);
  switch (error) {
    case ENOENT:
    case ENOTDIR: return Status(StatusCode::kNotFound, text);
    case EISDIR: return Status(StatusCode::kInvalidInput, text + "; name a file");
    case EACCES:
    case EPERM: return Status(StatusCode::kIo, text + "; check its permissions");
    case ENOSPC:
    case EDQUOT: return Status(StatusCode::kResourceExhausted, text + "; free some space");
    case EMFILE:
    case ENFILE:
    case ENOMEM: return Status(StatusCode::kResourceExhausted, text);
    default: return Status(StatusCode::kIo, text);
  }
}

int OpenRetrying(const char* path, int flags, mode_t mode) {
  int fd;
  do {
    fd = open(path, flags | O_CLOEXEC, mode);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

Result<MappedFile> MappedFile::Open(const std::string& path) {
  // O_NONBLOCK: a named pipe without a writer must be refused, not waited for.
  const Descriptor fd(OpenRetrying(path.c_str(), O_RDONLY | O_NONBLOCK));
  if (fd.get() < 0) return Fail(SystemError("open", path, errno));
  return Map(fd.get(), path);
}

Result<MappedFile> MappedFile::OpenBelow(const std::string& folder, const std::string& relative) {
  const std::string path = (folder.empty() ? "." : folder) + "/" + relative;
  const auto refuse = [&](std::string_view why) {
    return Fail(StatusCode::kInvalidInput, "'" + relative + "' " + std::string(why) + "; put the file itself below '" + folder + "'");
  };
  Descriptor at(OpenRetrying(folder.empty() ? "." : folder.c_str(), O_PATH | O_DIRECTORY));
  if (at.get() < 0) return Fail(SystemError("open", folder, errno));
  std::string_view rest = relative;
  while (true) {
    const size_t slash = rest.find('/');
    const std::string name(rest.substr(0, slash));
    if (name.empty() || name == "." || name == ".." || name.find('\0') != std::string::npos) return refuse("is no path of plain names");
    const bool last = slash == std::string_view::npos;
    const int flags = O_NOFOLLOW | O_CLOEXEC | (last ? O_RDONLY | O_NONBLOCK : O_PATH | O_DIRECTORY);
    Descriptor next(openat(at.get(), name.c_str(), flags));
    if (next.get() < 0 && (errno == ELOOP || errno == EMLINK || (errno == ENOTDIR && !last)))
      return refuse("goes through a link or a file");
    if (next.get() < 0) return Fail(SystemError("open", path, errno));
    at = std::move(next);
    if (last) break;
    rest.remove_prefix(slash + 1);
  }
  struct stat info{};
  if (fstat(at.get(), &info) != 0) return Fail(SystemError("read", path, errno));
  if (S_ISREG(info.st_mode) && info.st_nlink > 1) return refuse("has another name elsewhere (a hard link)");
  return Map(at.get(), path);
}

Result<MappedFile> MappedFile::Map(int fd, const std::string& path) {
  struct stat info{};
  if (fstat(fd, &info) != 0) return Fail(SystemError("read", path, errno));
  if (!S_ISREG(info.st_mode)) return Fail(StatusCode::kInvalidInput, "'" + path + "' is not a regular file; name a file");
  MappedFile file(path);
  file.device_ = info.st_dev;
  file.inode_ = info.st_ino;
  const auto size = static_cast<size_t>(info.st_size);
  if (size == 0) return file;
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (data == MAP_FAILED) return Fail(SystemError("map", path, errno));
  file.data_ = static_cast<const std::byte*>(data);
  file.size_ = size;
  file.mapping_ = RegisterMapping(data, size);
  if (file.mapping_ == kNoMapping) {
    return Fail(StatusCode::kResourceExhausted,
                "cannot map '" + path + "': " + std::to_string(kMostMappings) + " files are mapped already; close some");
  }
  return file;
}

MappedFile::MappedFile(MappedFile&& other) noexcept : MappedFile(std::string()) {
  *this = std::move(other);
}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  std::swap(mapping_, other.mapping_);
  std::swap(device_, other.device_);
  std::swap(inode_, other.inode_);
  return *this;
}

MappedFile::~MappedFile() {
  if (mapping_ != kNoMapping) ForgetMapping(mapping_);
  if (data_) munmap(const_cast<std::byte*>(data_), size_);
}

Result<void> MappedFile::CheckWhole() const {
  if (mapping_ == kNoMapping) return {};
  struct stat now{};
  // The rest of the last page reads as zeros without a fault, so the size counts as well.
  const bool same = stat(path_.c_str(), &now) == 0 && now.st_dev == device_ && now.st_ino == inode_;
  if (same && static_cast<size_t>(now.st_size) < size_) MarkMappingDamaged(mapping_);
  if (!MappingDamaged(mapping_)) return {};
  return Fail(StatusCode::kIo, "'" + path_ + "' became shorter while it was read, or its disk failed; restore the file and open it again");
}

void MappedFile::Release(std::span<const std::byte> part) const {
  if (part.empty()) return;
  assert(part.data() >= data_ && part.data() + part.size() <= data_ + size_);
  // Only pages that lie wholly inside the part: its neighbours on the same page may still be in use. The mapping starts on a
  // page, and the rest of its last page belongs to nobody else.
  const auto page = static_cast<size_t>(sysconf(_SC_PAGESIZE));
  const auto begin = (static_cast<size_t>(part.data() - data_) + page - 1) / page * page;
  const auto part_end = static_cast<size_t>(part.data() - data_) + part.size();
  const auto end = part_end == size_ ? size_ : part_end / page * page;
  if (begin < end) madvise(const_cast<std::byte*>(data_) + begin, end - begin, MADV_DONTNEED);
}

Result<std::string> ReadFile(const std::string& path, uint64_t limit_bytes) {
  const bool standard_input = path == "-";
  const std::string name = standard_input ? "standard input" : path;
  const Descriptor fd(standard_input ? STDIN_FILENO : OpenRetrying(path.c_str(), O_RDONLY));
  if (fd.get() < 0) return Fail(SystemError("open", name, errno));
  struct stat info{};
  if (fstat(fd.get(), &info) != 0) return Fail(SystemError("read", name, errno));
  std::string contents;
  // The size is a hint only: pipes and /proc have none, and the file may grow while it is read.
  uint64_t hint = S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) : 0;
  while (contents.size() <= limit_bytes) {
    const size_t had = contents.size();
    const uint64_t room = limit_bytes - had;
    const uint64_t want = std::min<uint64_t>(std::max<uint64_t>({hint > had ? hint - had : 0, had / 2, 65536}), room);
    contents.resize(had + static_cast<size_t>(want) + 1);  // the one more byte tells the end of the file from the limit
    const ssize_t got = read(fd.get(), contents.data() + had, contents.size() - had);
    if (got < 0 && errno != EINTR) return Fail(SystemError("read", name, errno));
    contents.resize(had + static_cast<size_t>(std::max<ssize_t>(got, 0)));
    if (got == 0) return contents;
  }
  return Fail(StatusCode::kInvalidInput, "'" + name + "' is larger than the limit of " + std::to_string(limit_bytes) + " bytes");
}

std::string CacheDir() {
  return XdgDir("XDG_CACHE_HOME", "/.cache");
}

std::string DataDir() {
  return XdgDir("XDG_DATA_HOME", "/.local/share");
}

std::string StorePath() {
  const std::string named = Variable("TRADEWIND_STORE");
  return named.empty() ? DataDir() + "/profile.db" : named;
}

}  // namespace tradewind
