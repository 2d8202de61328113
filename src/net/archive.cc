// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/archive.h"

#include <zip.h>

#include <memory>
#include <vector>

namespace tradewind {
namespace {

constexpr zip_int64_t kMaxEntries = 100'000;
constexpr size_t kChunk_bytes = 1 << 20;

struct CloseArchive {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
struct CloseEntry {
  void operator()(zip_file_t* entry) const { zip_fclose(entry); }
};

Result<zip_stat_t> Find(zip_t* archive, const std::string& path, const std::string& entry, uint64_t limit_bytes) {
  if (zip_get_num_entries(archive, 0) > kMaxEntries) {
    return Fail(StatusCode::kInvalidInput, path + " has more than " + std::to_string(kMaxEntries) + " entries");
  }
  const zip_int64_t index = zip_name_locate(archive, entry.c_str(), 0);
  if (index < 0) return Fail(StatusCode::kNotFound, "there is no " + entry + " in " + path);
  zip_stat_t stat;
  zip_stat_init(&stat);
  constexpr zip_uint64_t kNeeded = ZIP_STAT_SIZE | ZIP_STAT_INDEX | ZIP_STAT_COMP_METHOD | ZIP_STAT_ENCRYPTION_METHOD;
  if (zip_stat_index(archive, static_cast<zip_uint64_t>(index), 0, &stat) != 0 || (stat.valid & kNeeded) != kNeeded) {
    return Fail(StatusCode::kInvalidInput, path + " does not say what its entry " + entry + " is");
  }
  if (stat.encryption_method != ZIP_EM_NONE || (stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE)) {
    return Fail(StatusCode::kUnsupported, entry + " in " + path + " is encrypted or packed in a way that wheels are not");
  }
  if (stat.size > limit_bytes) {
    return Fail(StatusCode::kInvalidInput, entry + " in " + path + " has " + std::to_string(stat.size) + " bytes, more than the " +
                                               std::to_string(limit_bytes) + " expected");
  }
  return stat;
}

}  // namespace

Result<uint64_t> ReadArchiveEntry(const std::string& path, const std::string& entry, uint64_t limit_bytes,
                                  const std::function<Result<void>(std::span<const std::byte>)>& sink) {
  int code = 0;
  const std::unique_ptr<zip_t, CloseArchive> archive(zip_open(path.c_str(), ZIP_RDONLY, &code));
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    std::string why = zip_error_strerror(&error);
    zip_error_fini(&error);
    return Fail(code == ZIP_ER_NOENT ? StatusCode::kNotFound : StatusCode::kInvalidInput, "cannot open " + path + " as a zip file: " + why);
  }
  TW_ASSIGN(const zip_stat_t stat, Find(archive.get(), path, entry, limit_bytes));
  const std::unique_ptr<zip_file_t, CloseEntry> file(zip_fopen_index(archive.get(), stat.index, 0));
  if (!file) return Fail(StatusCode::kInvalidInput, "cannot read " + entry + " in " + path + ": " + zip_strerror(archive.get()));
  std::vector<std::byte> buffer(kChunk_bytes);
  uint64_t done = 0;
  for (;;) {
    const zip_int64_t n = zip_fread(file.get(), buffer.data(), buffer.size());
    if (n < 0) return Fail(Status(StatusCode::kInvalidInput, path + " is damaged: " + zip_file_strerror(file.get())).At(entry, done));
    if (n == 0) break;
    done += static_cast<uint64_t>(n);
    // The directory may lie about the size: never unpack more than it said.
    if (done > stat.size)
      return Fail(Status(StatusCode::kInvalidInput, path + " unpacks to more bytes than it states").At(entry, stat.size));
    TW_RETURN_IF_ERROR(sink(std::span(buffer).first(static_cast<size_t>(n))));
  }
  if (done != stat.size) return Fail(Status(StatusCode::kInvalidInput, path + " unpacks to fewer bytes than it states").At(entry, done));
  return done;
}

}  // namespace tradewind
