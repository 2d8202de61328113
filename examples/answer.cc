// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// Goes on with a text by the best setting measured on this machine that keeps the budget:  answer TEXT [MODEL]
// Build it by:  c++ -std=c++20 answer.cc $(pkg-config --cflags --libs tradewind) -o answer
#include <tradewind/tradewind.h>

#include <iostream>

int main(int argc, char** argv) {
  if (argc < 2) return std::cerr << "usage: answer TEXT [MODEL]\n", 2;
  const tradewind::Budget budget{.deadline_ms = 5000, .tpot_ms = 200};
  std::string model_name = argc > 2 ? argv[2] : "", setting;

  // Without a model, the frontier says which one, and how to turn its knobs.
  tradewind::Frontier frontier;
  tw_choice choice{};
  tradewind::Status status;
  if (model_name.empty()) status = tradewind::Frontier::Open("", &frontier);
  if (status.ok() && model_name.empty()) status = frontier.Choose(budget, 20, 32, &choice);
  if (status.ok() && model_name.empty()) setting = frontier.setting(choice.point);

  tradewind::Model model;
  tradewind::Session session;
  if (status.ok()) status = tradewind::Model::Open(model_name, {.setting = setting}, &model);
  if (status.ok()) status = model.Start({.setting = "max_tokens=32", .budget = budget}, &session);
  if (status.ok()) status = session.Push(argv[1], {.temperature = 0});
  for (tradewind::Event event; status.ok() && (status = session.Next(&event)).ok() && !event.end;) std::cout << event.text;
  if (!status.ok()) std::cerr << "answer: " << status.message() << "\n";
  return status.ok() ? 0 : 1;
}
