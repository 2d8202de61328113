// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// SafetensorsParser: the header's JSON, which is an object of small flat objects, read by hand: no recursion, no tree, and every error with
// its byte.
#pragma once

#include "formats/safetensors.h"

namespace tradewind {

class SafetensorsParser {
 public:
  static Result<void> Parse(std::span<const std::byte> bytes, std::string source, Safetensors& out);

 private:
  SafetensorsParser(std::span<const std::byte> bytes, Safetensors& out) : bytes_(bytes), out_(out) {}
  tl::unexpected<Status> Bad(uint64_t offset, std::string_view field, std::string problem) const;

  // The JSON.
  char Peek() const { return at_ < end_ ? static_cast<char>(bytes_[at_]) : '\0'; }
  void SkipSpace();
  bool Take(char c);
  Result<void> Expect(char c, std::string_view field);
  Result<std::string> ReadText(std::string_view field, uint64_t limit);
  Result<void> ReadEscape(std::string_view field, std::string& text);
  Result<uint32_t> ReadHex4(std::string_view field);
  Result<uint64_t> ReadNumber(std::string_view field);
  Result<std::vector<uint64_t>> ReadNumbers(std::string_view field, uint64_t limit);

  Result<void> ParseLength();
  Result<void> ParseHeader();
  Result<void> ParseMetadata();
  Result<void> ParseTensor(std::string name, uint64_t offset);
  Result<void> Place(SafetensorsTensor& tensor, const std::vector<uint64_t>& range, uint64_t offset) const;
  Result<void> CheckCover() const;

  std::span<const std::byte> bytes_;
  Safetensors& out_;
  uint64_t at_ = 0;
  uint64_t end_ = 0;  // of the header, where the data begin
  std::string part_;  // what is being read, for errors
};

}  // namespace tradewind
