// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "recorded/pull_table.h"

#include <filesystem>

#include "net/sha256.h"
#include "recorded/library.h"

namespace tradewind {
namespace {

constexpr uint64_t kMaxFile_bytes = uint64_t{1} << 30;

Result<void> CopyFrom(const std::string& source, const std::string& part) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(source, failed)) return Fail(StatusCode::kNotFound, "there is no " + source);
  std::filesystem::copy_file(source, part, std::filesystem::copy_options::overwrite_existing, failed);
  if (failed) return Fail(StatusCode::kIo, "cannot copy " + source + " to " + part + ": " + failed.message());
  return {};
}

// The file's bytes at `part`, by the first way that gives the right ones.
Result<void> Fetch(const DataFile& file, const std::string& part, const PullTableOptions& options, const TransferControl& control) {
  if (!options.from.empty()) return CopyFrom(options.from + "/" + file.path, part);
  Status last(StatusCode::kNotFound, file.path + " has no address to be fetched from; put it there by hand, or set TRADEWIND_DATA");
  for (const std::string& url : file.urls) {
    auto fetched = Download({.url = url, .path = part, .limit_bytes = kMaxFile_bytes}, options.download, control);
    if (fetched) return {};
    last = std::move(fetched).error();
    if (last.code() == StatusCode::kCancelled) break;
  }
  return Fail(std::move(last));
}

Result<uint64_t> Check(const DataFile& file, const std::string& path) {
  TW_ASSIGN(const FileDigest digest, HashFile(path));
  if (file.sha256.empty() || digest.sha256 == file.sha256) return digest.size_bytes;
  return Fail(Status(StatusCode::kInvalidInput, "what came as " + file.path + " has the SHA-256 " + digest.sha256 + ", not " + file.sha256 +
                                                    "; the source has changed, it was not taken")
                  .At(path));
}

Result<void> PullFile(const DataFile& file, const std::string& path, const PullTableOptions& options, const TransferControl& control,
                      PullTableReport& report) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(path, failed)) {
    if (const auto size = Check(file, path)) {
      ++report.already_there;
      report.bytes += *size;
      return {};
    }
  }
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), failed);
  if (failed) return Fail(StatusCode::kIo, "cannot make the folder of " + path + ": " + failed.message());
  const std::string part = path + ".part";
  TW_RETURN_IF_ERROR(Fetch(file, part, options, control));
  const auto size = Check(file, part);
  if (!size) {
    std::filesystem::remove(part, failed);
    std::filesystem::remove(ResumePath(part), failed);
    return Fail(size.error());
  }
  std::filesystem::rename(part, path, failed);
  if (failed) return Fail(StatusCode::kIo, "cannot rename " + part + ": " + failed.message());
  std::filesystem::remove(ResumePath(part), failed);
  report.bytes += *size;
  return {};
}

}  // namespace

Result<PullTableReport> PullTable(const std::string& name_or_path, const PullTableOptions& options, const TransferControl& control) {
  TW_ASSIGN(const TableSpec spec, FindTableSpec(name_or_path));
  PullTableReport report{.folder = RecordedDataDir(spec.name), .licence = spec.licence};
  for (const TableSource& table : spec.tables) {
    for (const DataFile& file : table.parts) {
      TW_RETURN_IF_ERROR(PullFile(file, report.folder + "/" + file.path, options, control, report));
      ++report.files;
    }
  }
  return report;
}

}  // namespace tradewind
