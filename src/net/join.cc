// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/join.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>
#include <span>

#include "net/archive.h"
#include "net/part_file.h"

namespace tradewind {
namespace {

constexpr size_t kJoinChunk_bytes = 1 << 20;

using Sink = std::function<Result<void>(std::span<const std::byte>)>;

Result<void> CopyFile(const std::string& path, const Sink& sink) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return Fail(errno == ENOENT ? StatusCode::kNotFound : StatusCode::kIo, "cannot read " + path + ": " + std::strerror(errno));
  }
  std::vector<std::byte> buffer(kJoinChunk_bytes);
  Result<void> result;
  while (result) {
    const ssize_t n = ::read(fd, buffer.data(), buffer.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) result = Fail(StatusCode::kIo, "cannot read " + path + ": " + std::strerror(errno));
    if (n <= 0) break;
    result = sink(std::span(buffer).first(static_cast<size_t>(n)));
  }
  ::close(fd);
  return result;
}

}  // namespace

Result<FileDigest> JoinParts(const JoinRequest& request, const TransferControl& control) {
  TW_ASSIGN(PartFile out, PartFile::Open(request.out, /*keep=*/false));
  Sha256 hash;
  ProgressMeter meter(control, "join", request.total_bytes);
  const Sink sink = [&](std::span<const std::byte> bytes) -> Result<void> {
    if (control.Cancelled()) return Fail(CancelledStatus("joining " + request.what));
    if (bytes.size() > request.limit_bytes - out.size()) {
      return Fail(StatusCode::kInvalidInput, request.what + " is not the file expected: " + std::to_string(request.limit_bytes) +
                                                 " bytes expected, more found; nothing was installed");
    }
    TW_RETURN_IF_ERROR(out.Append(bytes));
    hash.Update(bytes);
    meter.Report(out.size());
    return {};
  };
  for (const LocalPart& part : request.parts) {
    if (part.entry.empty()) {
      TW_RETURN_IF_ERROR(CopyFile(part.path, sink));
    } else {
      TW_RETURN_IF_ERROR(ReadArchiveEntry(part.path, part.entry, request.limit_bytes - out.size(), sink));
    }
  }
  meter.Report(out.size(), true);
  TW_RETURN_IF_ERROR(out.Sync());
  return FileDigest{hash.HexDigest(), out.size()};
}

}  // namespace tradewind
