// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// A folder of pictures for a test, one folder a class, gone with it.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "vision/image.h"

namespace tradewind {

class PictureFolder {
 public:
  explicit PictureFolder(const std::vector<std::string>& classes) {
    char name[] = "/tmp/tradewind_pictures_XXXXXX";
    path_ = mkdtemp(name);
    for (const std::string& c : classes) std::filesystem::create_directory(path_ + "/" + c);
  }
  ~PictureFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  PictureFolder(const PictureFolder&) = delete;
  PictureFolder& operator=(const PictureFolder&) = delete;

  const std::string& path() const { return path_; }
  void Add(const std::string& label, const Image& image) {
    char number[16];
    std::snprintf(number, sizeof number, "%05d.png", count_[label]++);
    EXPECT_TRUE(WriteImage(path_ + "/" + label + "/" + number, image));
  }

 private:
  std::string path_;
  std::map<std::string, int> count_;
};

}  // namespace tradewind
