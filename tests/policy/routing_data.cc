// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "policy/routing_data.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

namespace tradewind {
namespace {

using Json = nlohmann::json;

std::string Read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

// Rows of fields; quoted fields may hold commas, line ends and doubled quotes.
std::vector<std::vector<std::string>> ReadCsv(const std::string& path) {
  const std::string text = Read(path);
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::string& field = rows.back().back();
    if (quoted) {
      if (c != '"') {
        field.push_back(c);
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        field.push_back(text[i++]);
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      rows.back().emplace_back();
    } else if (c == '\n') {
      rows.emplace_back(1);
    } else if (c != '\r') {
      field.push_back(c);
    }
  }
  if (rows.back().size() == 1 && rows.back()[0].empty()) rows.pop_back();
  return rows;
}

std::vector<Json> ReadLines(const std::string& path) {
  std::vector<Json> out;
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.empty()) out.push_back(Json::parse(line));
  }
  return out;
}

std::string Evals(const std::string& root) {
  return root + "/routellm/routellm/evals";
}

RoutingTable TwoArms() {
  return {.arms = {"mixtral-8x7b", "gpt-4-1106"}, .arm_cost = {0.24, 24.7}, .samples = {}};
}

void DropContaminated(const std::string& root, RoutingTable& table) {
  DropQuestions(table, ContaminatedKeys(root));
}

void AddCsv(const std::string& path, const std::string& group, RoutingTable& table) {
  const auto rows = ReadCsv(path);
  for (size_t i = 1; i < rows.size(); ++i) {
    const float weak = rows[i].at(1) == "True", strong = rows[i].at(2) == "True";
    table.samples.push_back({rows[i][0], group, {weak, strong}});
  }
}

}  // namespace

std::vector<std::string> ContaminatedKeys(const std::string& root) {
  std::vector<std::string> out;
  for (const char* name : {"mmlu", "gsm8k", "mt_bench"}) {
    for (const Json& line : ReadLines(Evals(root) + "/" + name + "/contaminated_prompts.jsonl")) {
      for (const char* side : {"train_prompt", "eval_prompt"}) {
        if (line.contains(side)) out.push_back(QuestionKey(line[side].get<std::string>()));
      }
    }
  }
  return out;
}

RoutingTable LoadMmlu(const std::string& root) {
  RoutingTable table = TwoArms();
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(Evals(root) + "/mmlu/responses")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) AddCsv(file.string(), file.stem().string().substr(5), table);
  DropContaminated(root, table);
  return table;
}

RoutingTable LoadGsm8k(const std::string& root) {
  RoutingTable table = TwoArms();
  AddCsv(Evals(root) + "/gsm8k/gsm8k_responses.csv", "", table);
  DropContaminated(root, table);
  return table;
}

RoutingTable LoadMtBench(const std::string& root) {
  RoutingTable table = TwoArms();
  std::map<int, std::vector<float>> sum, turns;
  for (const Json& line : ReadLines(Evals(root) + "/mt_bench/judgements.jsonl")) {
    const std::string model = line["model"];
    const size_t arm = model == "gpt-4-1106-preview" ? 1 : model.find("ixtral") != std::string::npos ? 0 : 2;
    const int id = line["question_id"];
    sum.try_emplace(id, 3, 0.0f), turns.try_emplace(id, 3, 0.0f);
    sum[id][arm] += line["score"].get<float>() / 10;
    turns[id][arm] += 1;
  }
  for (const Json& line : ReadLines(Evals(root) + "/mt_bench/question.jsonl")) {
    const int id = line["question_id"];
    if (turns[id].empty() || turns[id][0] == 0 || turns[id][1] == 0) continue;
    table.samples.push_back({line["turns"][0], "", {sum[id][0] / turns[id][0], sum[id][1] / turns[id][1]}});
  }
  DropContaminated(root, table);
  return table;
}

RoutingTable LoadGsm8kSix(const std::string& root) {
  RoutingTable table;
  std::map<std::string, std::vector<float>> by_key;
  const RoutingTable pair = LoadGsm8k(root);
  for (const RoutingSample& sample : pair.samples) by_key[QuestionKey(sample.text)] = sample.score;
  for (const Json& line : ReadLines(root + "/gsm8k/example_model_solutions.jsonl")) {
    if (table.arms.empty()) {
      for (const auto& [name, value] : line.items()) {
        if (value.is_object() && value.contains("is_correct")) table.arms.push_back(name);
      }
    }
    const std::string question = line["question"];
    const auto found = by_key.find(QuestionKey(question));
    if (found == by_key.end()) continue;
    RoutingSample sample{question, "", {}};
    for (const std::string& arm : table.arms) sample.score.push_back(line[arm]["is_correct"].get<bool>() ? 1.0f : 0.0f);
    sample.score.insert(sample.score.end(), found->second.begin(), found->second.end());
    table.samples.push_back(std::move(sample));
  }
  for (const std::string& arm : table.arms) {
    const double size = std::atof(arm.c_str());
    // Verification samples a hundred answers and ranks them.
    table.arm_cost.push_back(size * (arm.find("verification") != std::string::npos ? 100 : 1));
  }
  table.arms.insert(table.arms.end(), {"mixtral-8x7b", "gpt-4-1106"});
  table.arm_cost.insert(table.arm_cost.end(), {13, 13 * 24.7 / 0.24});
  return table;
}

MmluHalves SplitMmlu(const std::string& root, uint64_t seed, const std::vector<const RoutingTable*>& tests) {
  auto [train, test] = SplitInHalves(LoadMmlu(root), seed);
  std::vector<std::string> tested = ContaminatedKeys(root);
  for (const RoutingSample& sample : test.samples) tested.push_back(QuestionKey(sample.text));
  for (const RoutingTable* other : tests) {
    for (const RoutingSample& sample : other->samples) tested.push_back(QuestionKey(sample.text));
  }
  DropQuestions(train, tested);
  return {std::move(train), std::move(test)};
}

}  // namespace tradewind
