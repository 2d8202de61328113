// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api_field_cases.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace tradewind {
namespace {

constexpr char kMarker[] = "THE FIELD GOES HERE";

std::string Number(double value) {
  return std::abs(value) < 1e16 && value == std::floor(value) ? std::to_string(static_cast<int64_t>(value)) : Json(value).dump();
}

void Append(std::vector<std::string>* values, std::initializer_list<const char*> more) {
  values->insert(values->end(), more.begin(), more.end());
}

StatusCode CodeFor(FieldKind kind) {
  return kind == FieldKind::kUnsupported ? StatusCode::kUnsupported : StatusCode::kInvalidInput;
}

}  // namespace

std::string PlaceOf(const std::string& pointer) {
  std::string place;
  for (size_t at = 0; at < pointer.size();) {
    const size_t end = std::min(pointer.size(), pointer.find('/', at + 1));
    const std::string part = pointer.substr(at + 1, end - at - 1);
    const bool index = part.size() < 3 && part.find_first_not_of("0123456789") == std::string::npos;
    place += index ? "[" + part + "]" : (place.empty() ? "" : ".") + part;
    at = end;
  }
  return place;
}

std::vector<std::string> BadValues(const FieldCase& field) {
  std::vector<std::string> bad;
  const auto number_bounds = [&] {
    bad.push_back(Number(field.low - 1));
    bad.push_back(Number(field.high + std::max(1.0, std::abs(field.high) * 1e-3)));
    Append(&bad, {"-9223372036854775808", "9223372036854775808", "18446744073709551615", "1e308", "-1e308"});
  };
  switch (field.kind) {
    case FieldKind::kInteger:
      number_bounds();
      Append(&bad, {"true", "false", "\"1\"", "\"\"", "[]", "[1]", "{}", "1.0", "1.5", "1e0"});
      break;
    case FieldKind::kReal:
      number_bounds();
      Append(&bad, {"true", "\"0.5\"", "\"NaN\"", "[0.5]", "{}"});
      break;
    case FieldKind::kBool: Append(&bad, {"0", "1", "\"true\"", "\"\"", "[]", "{}", "0.5"}); break;
    case FieldKind::kText: Append(&bad, {"0", "true", "[1]", "{\"text\": \"x\"}", "1.5"}); break;
    case FieldKind::kName:
      Append(&bad, {"0", "true", "[\"x\"]", "{}", "\"\"", R"("a\u0000b")", R"("a\nb")"});
      bad.push_back("\"" + std::string(5000, 'x') + "\"");
      break;
    case FieldKind::kWord: Append(&bad, {"0", "true", "[]", "\"\"", "\"nonsense\"", R"("\u0000")"}); break;
    case FieldKind::kList: Append(&bad, {"0", "true", "{}", "1.5"}); break;
    case FieldKind::kObject: Append(&bad, {"0", "true", "[]", "\"x\"", "1.5"}); break;
    case FieldKind::kIgnored: break;
    case FieldKind::kUnsupported: Append(&bad, {"1", "true", "\"x\"", "[1]", "{\"a\": 1}", "0.5", "18446744073709551615"}); break;
  }
  return bad;
}

std::vector<std::string> GoodValues(const FieldCase& field) {
  std::vector<std::string> good;
  if (!field.required) good.emplace_back("null");
  switch (field.kind) {
    case FieldKind::kInteger: good.insert(good.end(), {Number(field.low), Number(field.high)}); break;
    case FieldKind::kReal:
      good.insert(good.end(), {Number(field.low), Number(field.high), Json((field.low + field.high) / 2).dump()});
      break;
    case FieldKind::kBool: Append(&good, {"true", "false"}); break;
    case FieldKind::kText: Append(&good, {"\"x\"", R"("\u0000\ud83d\ude00\\")"}); break;
    case FieldKind::kName: Append(&good, {"\"x\"", "\"x-1_2\""}); break;
    case FieldKind::kWord:
      for (const std::string& word : field.words) good.push_back(Json(word).dump());
      break;
    case FieldKind::kIgnored: Append(&good, {"0", "true", "\"x\"", "[]", "{\"a\": [1]}"}); break;
    case FieldKind::kUnsupported: Append(&good, {"false", "0", "\"\"", "[]", "{}"}); break;
    default: break;
  }
  return good;
}

std::string BodyWith(Json body, const std::string& pointer, const std::string& value) {
  const nlohmann::json::json_pointer at(pointer);
  if (value.empty()) {
    Json& parent = body[at.parent_pointer()];
    if (parent.is_array()) {
      parent.erase(static_cast<size_t>(std::stoul(at.back())));
    } else {
      parent.erase(at.back());
    }
    return body.dump();
  }
  body[at] = kMarker;
  std::string text = body.dump();
  const std::string quoted = Json(kMarker).dump();
  return text.replace(text.find(quoted), quoted.size(), value);
}

size_t TryFields(const Json& sound, const std::vector<FieldCase>& fields, const BodyReader& read) {
  size_t cases = 0;
  const auto whole = read(sound.dump());
  EXPECT_TRUE(whole) << whole.error().ToString();
  for (const FieldCase& field : fields) {
    const std::string place = PlaceOf(field.pointer);
    std::vector<std::string> bad = BadValues(field);
    // An item of a list that is gone is no fault of that item's.
    if (field.required) bad.emplace_back("null");
    if (field.required && !place.ends_with(']') && field.pointer != "/logit_bias/50256") bad.emplace_back("");
    for (const std::string& value : bad) {
      SCOPED_TRACE(testing::Message() << place << " = " << value.substr(0, 80));
      ++cases;
      const auto result = read(BodyWith(sound, field.pointer, value));
      EXPECT_FALSE(result) << "was taken";
      if (result) continue;
      EXPECT_EQ(result.error().code(), CodeFor(field.kind)) << result.error().ToString();
      EXPECT_EQ(result.error().where(), place) << result.error().ToString();
      EXPECT_THAT(result.error().message(), testing::StartsWith(place)) << "names the field";
    }
    for (const std::string& value : GoodValues(field)) {
      ++cases;
      const auto result = read(BodyWith(sound, field.pointer, value));
      EXPECT_TRUE(result) << place << " = " << value << ": " << result.error().ToString();
    }
  }
  return cases;
}

}  // namespace tradewind
