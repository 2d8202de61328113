// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What the store's tests share: a folder of their own, a filled store, a child process.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "store/profile_store.h"

namespace tradewind {

class StoreTest : public testing::Test {
 protected:
  StoreTest() {
    std::string pattern = (std::filesystem::temp_directory_path() / "tradewind_store_XXXXXX").string();
    EXPECT_NE(mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
  }
  ~StoreTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name = "profile.db") const { return (folder_ / name).string(); }
  std::filesystem::path folder_;
};

inline std::string Bytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}
inline void WriteBytes(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline TrialRecord SomeTrial(const std::string& setting, double value = 1.5) {
  return {.key = {"model", "work", "dev", setting},
          .measurements = {{"bits_per_byte", value, {value - 1, value + 1}, 3}, {"tpot_ms", 20, {19, 21}, 8, Origin::kModelled}},
          .observations = {{"ttft", {128, 0}, value}, {"tpot", {128, 2}, 20}},
          .build = "0.1.0",
          .started_at = "2026-01-02T03:04:05Z",
          .seconds = 2.5,
          .notes_json = R"({"noise": 0.01})"};
}

// Opens a store that knows the device and the workload of SomeTrial.
inline Result<ProfileStore> OpenWithNames(const std::string& path, const StoreOptions& options = {}) {
  TW_ASSIGN(ProfileStore store, ProfileStore::Open(path, options));
  TW_RETURN_IF_ERROR(store.SaveDevice({"dev", "cpu", 2, "avx2", uint64_t{1} << 34, "measured"}));
  TW_RETURN_IF_ERROR(store.SaveWorkload({"work", "text:file", "bits_per_byte"}));
  return store;
}

// Runs `body` in a child process; its exit status is the answer.
inline pid_t Spawn(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  return child;
}
inline int WaitFor(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace tradewind
