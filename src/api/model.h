// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// tw_model: a loaded language model, shared with the sessions that were started from it.
#pragma once

#include <memory>
#include <string>

#include "llm/language_model.h"
#include "tradewind/c.h"

struct tw_model {
  std::shared_ptr<tradewind::LanguageModelInstance> instance;
  tradewind::Setting request;  // knobs of requests that came with the opening: its sessions' defaults
  std::string setting_text;
};
