// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/chat_file.h"

#include <filesystem>
#include <system_error>

#include "base/file.h"
#include "cli/json.h"

namespace tradewind {
namespace {

constexpr char kFormat[] = "tradewind chat";
constexpr int64_t kVersion = 1;
constexpr double kMostMillis = 1e12;
constexpr double kMostMemory = 9e18;

tl::unexpected<Status> Wrong(const std::string& field, const std::string& why) {
  return Fail(Status(StatusCode::kInvalidInput, "no saved conversation that can be read: " + field + " " + why).At(field));
}

Result<double> NumberUpTo(const Json& value, const std::string& field, double most) {
  const double number = value.is_number() ? value.get<double>() : -1;
  if (number >= 0 && number <= most) return number;
  return Wrong(field, "must be a number from 0 on, and not that large");
}

Result<Budget> ReadBudget(const Json& json) {
  Budget budget;
  if (!json.is_object()) return Wrong("budget", "must be an object");
  const std::pair<const char*, std::optional<Duration>*> times[] = {
      {"deadline_ms", &budget.deadline}, {"ttft_ms", &budget.ttft}, {"tpot_ms", &budget.tpot}};
  for (const auto& [name, value] : json.items()) {
    const std::string field = "budget." + name;
    bool known = false;
    for (const auto& [time_name, time] : times) {
      if (name != time_name) continue;
      TW_ASSIGN(const double ms, NumberUpTo(value, field, kMostMillis));
      *time = Duration::Millis(ms);
      known = true;
    }
    if (name == "memory_bytes") {
      TW_ASSIGN(const double bytes, NumberUpTo(value, field, kMostMemory));
      budget.memory_bytes = static_cast<uint64_t>(bytes);
    } else if (name == "quality") {
      TW_ASSIGN(const double share, NumberUpTo(value, field, 1));
      if (share == 0) return Wrong(field, "must be above 0");
      budget.quality = share;
    } else if (!known) {
      return Wrong(field, "is no budget; there are deadline_ms, ttft_ms, tpot_ms, memory_bytes and quality");
    }
  }
  return budget;
}

Result<Setting> ReadSet(const Json& json, std::span<const Knob> knobs) {
  Setting setting;
  if (!json.is_object()) return Wrong("set", "must be an object");
  for (const auto& [name, value] : json.items()) {
    const std::string field = "set." + name;
    const Result<const Knob*> knob = FindKnob(knobs, name);
    if (!knob) return Wrong(field, "is not known here: " + knob.error().message());
    KnobValue read;
    if (value.is_string()) {
      read = value.get<std::string>();
    } else if (value.is_number_integer()) {
      if (value.is_number_unsigned() && value.get<uint64_t>() > INT64_MAX) return Wrong(field, "is too large");
      read = value.get<int64_t>();
    } else if (value.is_number_float()) {
      read = value.get<double>();
    } else {
      return Wrong(field, "must be a number or a text");
    }
    if (const Result<void> checked = (*knob)->Check(read); !checked) return Wrong(field, "is wrong: " + checked.error().message());
    setting.Set(name, std::move(read));
  }
  return setting;
}

Result<Message> ReadMessage(const Json& json, const std::string& field) {
  if (!json.is_object()) return Wrong(field, "must be an object");
  for (const char* part : {"role", "content"}) {
    if (!json.contains(part) || !json[part].is_string()) return Wrong(field + "." + part, "must be a text");
  }
  return Message{json["role"].get<std::string>(), json["content"].get<std::string>()};
}

Result<void> ReadMessages(const Json& json, SavedChat* chat) {
  if (!json.is_array()) return Wrong("messages", "must be a list");
  for (size_t i = 0; i < json.size(); ++i) {
    const std::string field = "messages[" + std::to_string(i) + "]";
    TW_ASSIGN(Message message, ReadMessage(json[i], field));
    if (i == 0 && message.role == "system") {
      chat->system = std::move(message.content);
      continue;
    }
    const char* expected = chat->messages.size() % 2 == 0 ? "user" : "assistant";
    if (message.role != expected) return Wrong(field + ".role", std::string("must be \"") + expected + "\" here");
    chat->messages.push_back(std::move(message));
  }
  if (chat->messages.size() % 2 != 0) return Wrong("messages", "must end with an answer");
  return {};
}

Result<Json> ParseSaved(std::string_view text) {
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Wrong("the file", "is not JSON");
  if (!json.is_object()) return Wrong("the file", "is not a JSON object");
  if (!json.contains("format") || json["format"] != kFormat) return Wrong("format", std::string("must be \"") + kFormat + "\"");
  return json;
}

}  // namespace

std::string ToText(const SavedChat& chat) {
  Setting by_hand = chat.set;
  by_hand.Erase("model");
  Json messages = Json::array();
  if (chat.system) messages.push_back({{"role", "system"}, {"content", *chat.system}});
  for (const Message& m : chat.messages) messages.push_back({{"role", m.role}, {"content", m.content}});
  const Json json = {{"format", kFormat},
                     {"version", kVersion},
                     {"model", chat.set.TextOr("model", "")},
                     {"set", ToJson(by_hand)},
                     {"setting", ToJson(chat.setting)},
                     {"budget", ToJson(chat.budget)},
                     {"messages", std::move(messages)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

Result<SavedChat> ParseSavedChat(std::string_view text, std::span<const Knob> knobs) {
  TW_ASSIGN(const Json json, ParseSaved(text));
  SavedChat chat;
  if (!json.contains("version") || !json["version"].is_number_integer()) return Wrong("version", "must be a whole number");
  if (json["version"] != kVersion) return Wrong("version", "must be 1; a later Tradewind wrote this file");
  if (!json.contains("model") || !json["model"].is_string() || json["model"].get<std::string>().empty()) {
    return Wrong("model", "must be a model's name or file");
  }
  if (json.contains("set")) {
    TW_ASSIGN(chat.set, ReadSet(json["set"], knobs));
  }
  chat.set.Set("model", json["model"].get<std::string>());
  if (json.contains("budget")) {
    TW_ASSIGN(chat.budget, ReadBudget(json["budget"]));
  }
  if (!json.contains("messages")) return Wrong("messages", "are missing");
  TW_RETURN_IF_ERROR(ReadMessages(json["messages"], &chat));
  return chat;
}

Result<void> SaveChat(const std::string& path, const SavedChat& chat) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::exists(status)) {
    const Result<std::string> old = std::filesystem::is_regular_file(status)
                                        ? ReadFile(path, kSavedChatBytes)
                                        : Fail(StatusCode::kInvalidInput, "'" + path + "' is not a regular file; name a file");
    if (!old || !ParseSaved(*old)) {
      return Fail(StatusCode::kInvalidInput, "'" + path + "' is there and is no saved conversation; name another file, or remove it");
    }
  }
  return WriteFileAtomically(path, ToText(chat));
}

Result<SavedChat> LoadChat(const std::string& path, std::span<const Knob> knobs) {
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
    return Fail(StatusCode::kInvalidInput, "'" + path + "' is not a regular file; name a file");
  }
  TW_ASSIGN(const std::string text, ReadFile(path, kSavedChatBytes));
  TW_ASSIGN(SavedChat chat, ParseSavedChat(text, knobs));
  return chat;
}

}  // namespace tradewind
