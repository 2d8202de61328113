// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "serve/api/server_sent_event.h"

namespace tradewind {

std::string ServerSentEvent(std::string_view json, std::string_view name) {
  std::string frame;
  frame.reserve(json.size() + name.size() + 20);
  if (!name.empty()) {
    frame += "event: ";
    frame += name;
    frame += '\n';
  }
  // A line break within would begin another field of the frame.
  while (true) {
    const size_t end = json.find_first_of("\r\n");
    frame += "data: ";
    frame += json.substr(0, end);
    frame += '\n';
    if (end == std::string_view::npos) break;
    const bool pair = json.substr(end, 2) == "\r\n";
    json.remove_prefix(end + (pair ? 2 : 1));
  }
  return frame + '\n';
}

}  // namespace tradewind
