// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/json_fault.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "text/utf8.h"

namespace tradewind {
namespace {

// Takes every value and remembers where the reading stopped. nlohmann's reader of events keeps no stack of calls.
class FaultFinder : public nlohmann::json_sax<nlohmann::json> {
 public:
  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t /*value*/) override { return true; }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    // A whole number comes here when it has too many digits for 64 bits.
    if (text.find_first_of(".eE") == string_t::npos) large_ = text.substr(0, 32);
    return large_.empty();
  }
  bool string(string_t& /*value*/) override { return true; }
  bool binary(binary_t& /*value*/) override { return true; }
  bool start_object(size_t /*count*/) override { return true; }
  bool key(string_t& /*value*/) override { return true; }
  bool end_object() override { return true; }
  bool start_array(size_t /*count*/) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(size_t position, const std::string& last_token, const nlohmann::detail::exception& fault) override {
    position_ = position;
    token_ = last_token.substr(0, 32);
    out_of_range_ = fault.id >= 400;
    return false;
  }

  Status Fault() const {
    const auto bad = [](std::string why, std::optional<uint64_t> at) {
      return Status(StatusCode::kInvalidInput, "the body is not JSON that is taken: " + std::move(why)).At("body", at);
    };
    if (!large_.empty()) return bad("the whole number " + large_ + "... is too large; write one of 64 bits", std::nullopt);
    if (!position_) return bad("send one JSON object", std::nullopt);
    const std::optional<uint64_t> at = *position_ > 0 ? *position_ - 1 : 0;
    const std::string near = ReplaceInvalidUtf8(token_, '?').value_or(token_);
    if (out_of_range_) return bad("the number " + near + " is out of range", at);
    return bad(near.empty() ? "it ends too early or has a byte that may not stand there" : "unexpected near '" + near + "'", at);
  }

 private:
  std::optional<size_t> position_;
  std::string token_;
  std::string large_;
  bool out_of_range_ = false;
};

}  // namespace

Status JsonFault(std::string_view bytes) {
  if (bytes.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return Status(StatusCode::kInvalidInput, "the body is empty; send a JSON object").At("body", 0);
  }
  FaultFinder finder;
  nlohmann::json::sax_parse(bytes.begin(), bytes.end(), &finder);
  return finder.Fault();
}

}  // namespace tradewind
