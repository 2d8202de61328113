// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "base/file.h"

#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cassert>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

namespace tradewind {
namespace {

// Closes its descriptor; -1 is none.
class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ > STDERR_FILENO) close(fd_);
  }
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

// What the system's refusal to `verb` a path means for the caller.
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

int OpenRetrying(const char* path, int flags, mode_t mode = 0) {
  int fd;
  do {
    fd = open(path, flags | O_CLOEXEC, mode);
  } while (fd < 0 && errno == EINTR);
  return fd;
}

Result<void> WriteAll(int fd, const std::string& path, std::string_view contents) {
  while (!contents.empty()) {
    const ssize_t wrote = write(fd, contents.data(), contents.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return Fail(SystemError("write", path, errno));
    contents.remove_prefix(static_cast<size_t>(wrote));
  }
  return {};
}

// Fills the temporary file and makes it durable.
Result<void> FillTemporary(int raw_fd, const std::string& temporary, const std::string& target, std::string_view contents) {
  Descriptor fd(raw_fd);
  struct stat old{};
  if (stat(target.c_str(), &old) == 0 && fchmod(fd.get(), old.st_mode & 07777) != 0) {
    return Fail(SystemError("set the permissions of", temporary, errno));
  }
  TW_RETURN_IF_ERROR(WriteAll(fd.get(), temporary, contents));
  if (fsync(fd.get()) != 0) return Fail(SystemError("write", temporary, errno));
  if (close(fd.release()) != 0) return Fail(SystemError("close", temporary, errno));
  return {};
}

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

Result<MappedFile> MappedFile::Open(const std::string& path) {
  // O_NONBLOCK: a named pipe without a writer must be refused, not waited for.
  const Descriptor fd(OpenRetrying(path.c_str(), O_RDONLY | O_NONBLOCK));
  if (fd.get() < 0) return Fail(SystemError("open", path, errno));
  struct stat info{};
  if (fstat(fd.get(), &info) != 0) return Fail(SystemError("read", path, errno));
  if (!S_ISREG(info.st_mode)) return Fail(StatusCode::kInvalidInput, "'" + path + "' is not a regular file; name a file");
  const auto size = static_cast<size_t>(info.st_size);
  if (size == 0) return MappedFile(path, nullptr, 0);
  void* data = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (data == MAP_FAILED) return Fail(SystemError("map", path, errno));
  return MappedFile(path, static_cast<const std::byte*>(data), size);
}

MappedFile::MappedFile(MappedFile&& other) noexcept
    : path_(std::move(other.path_)), data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MappedFile& MappedFile::operator=(MappedFile&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MappedFile::~MappedFile() {
  if (data_) munmap(const_cast<std::byte*>(data_), size_);
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

Result<void> WriteFileAtomically(const std::string& path, std::string_view contents) {
  // A symbolic link stays one: what it points to is replaced.
  std::error_code ignored;
  std::string target = path;
  if (std::filesystem::is_symlink(path, ignored)) {
    const auto resolved = std::filesystem::canonical(path, ignored);
    if (!ignored) target = resolved.string();
  }
  static std::atomic<uint64_t> serial{0};
  std::string temporary;
  int fd = -1;
  for (int attempt = 0; attempt < 100 && fd < 0; ++attempt) {
    temporary = target + ".tmp-" + std::to_string(getpid()) + "-" + std::to_string(serial.fetch_add(1));
    fd = OpenRetrying(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0666);
    if (fd < 0 && errno != EEXIST) return Fail(SystemError("create", temporary, errno));
  }
  if (fd < 0) return Fail(SystemError("create", temporary, EEXIST));
  Result<void> written = FillTemporary(fd, temporary, target, contents);
  if (written && rename(temporary.c_str(), target.c_str()) != 0) written = Fail(SystemError("replace", target, errno));
  if (!written) {
    unlink(temporary.c_str());
    return written;
  }
  // The rename itself is durable only once its directory is.
  const size_t slash = target.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : target.substr(0, slash + 1);
  const Descriptor directory(OpenRetrying(folder.c_str(), O_RDONLY | O_DIRECTORY));
  if (directory.get() < 0) return Fail(SystemError("open", folder, errno));
  // Some file systems (network, FUSE) cannot sync a directory and say EINVAL; there is nothing more to do on them.
  if (fsync(directory.get()) != 0 && errno != EINVAL) return Fail(SystemError("sync", folder, errno));
  return {};
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
