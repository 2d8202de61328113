// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_history.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/file.h"

namespace tradewind {
namespace {

constexpr mode_t kOwnerOnly = 0600;

Status HistoryError(const char* what, const std::string& path) {
  return Status(StatusCode::kIo, std::string("cannot ") + what + " the history '" + path + "': " + std::generic_category().message(errno));
}

// Opened for adding, of mode 0600 whatever it was before; refused where it is no regular file.
Result<int> OpenHistory(const std::string& path) {
  const int fd = open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, kOwnerOnly);
  if (fd < 0) return Fail(HistoryError("write", path));
  struct stat info = {};
  const bool regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
  if (regular && ((info.st_mode & 07777) == kOwnerOnly || fchmod(fd, kOwnerOnly) == 0)) return fd;
  if (!regular) errno = EINVAL;
  const Status error = HistoryError("keep", path);
  close(fd);
  return Fail(error);
}

std::vector<std::string> LastLines(const std::string& text) {
  std::vector<std::string> lines;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin && end - begin <= ChatHistory::kLineBytes) lines.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  if (lines.size() > ChatHistory::kLines) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(ChatHistory::kLines));
  return lines;
}

}  // namespace

ChatHistory::ChatHistory(std::string path) : path_(std::move(path)) {
  if (const Result<void> read = Read(); !read) problem_ = read.error().message();
}

Result<void> ChatHistory::Read() {
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
  TW_ASSIGN(const int fd, OpenHistory(path_));
  // Of a file that grew beyond all measure, its end.
  struct stat info = {};
  const off_t size = fstat(fd, &info) == 0 ? info.st_size : 0;
  const off_t most = static_cast<off_t>(2 * kFileBytes);
  std::string text(static_cast<size_t>(std::min(size, most)), '\0');
  const ssize_t got = pread(fd, text.data(), text.size(), std::max<off_t>(0, size - most));
  close(fd);
  if (got < 0) return Fail(HistoryError("read", path_));
  text.resize(static_cast<size_t>(got));
  if (size > most) text.erase(0, text.find('\n') + 1);  // begins within a line
  lines_ = LastLines(text);
  if (size <= static_cast<off_t>(kFileBytes)) return {};
  std::string kept;
  for (const std::string& line : lines_) kept += line + '\n';
  while (kept.size() > kFileBytes / 2) kept.erase(0, kept.find('\n') + 1);
  return WriteFileAtomically(path_, kept);
}

Result<void> ChatHistory::Append(const std::string& line) {
  TW_ASSIGN(const int fd, OpenHistory(path_));
  const std::string text = line + '\n';
  const bool whole = write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const Status error = HistoryError("write", path_);
  close(fd);
  if (!whole) return Fail(error);
  return {};
}

void ChatHistory::Add(const std::string& line) {
  const bool blank = line.find_first_not_of(" \t") == std::string::npos;
  if (blank || line.size() > kLineBytes || line.find('\n') != std::string::npos || (!lines_.empty() && lines_.back() == line)) return;
  lines_.push_back(line);
  if (!problem_.empty()) return;  // said once, not tried again
  if (const Result<void> added = Append(line); !added) problem_ = added.error().message();
}

std::string ChatHistoryPath() {
  return DataDir() + "/chat_history";
}

}  // namespace tradewind
