// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "search/integer_program.h"

#include <Cbc_C_Interface.h>

#include <memory>

namespace tradewind {
namespace {

struct Deleter {
  void operator()(Cbc_Model* model) const { Cbc_deleteModel(model); }
};

}  // namespace

bool HasIntegerPrograms() {
  return true;
}

Result<std::optional<std::vector<bool>>> SolveIntegerProgram(const IntegerProgram& program) {
  const size_t columns = program.cost.size();
  // CBC takes the matrix by columns.
  std::vector<std::vector<std::pair<int, double>>> by_column(columns);
  std::vector<double> low;
  std::vector<double> high;
  for (size_t row = 0; row < program.rows.size(); ++row) {
    for (const auto& [column, factor] : program.rows[row].terms) by_column[column].emplace_back(static_cast<int>(row), factor);
    low.push_back(program.rows[row].low);
    high.push_back(program.rows[row].high);
  }
  std::vector<CoinBigIndex> starts = {0};
  std::vector<int> indices;
  std::vector<double> factors;
  for (const auto& column : by_column) {
    for (const auto& [row, factor] : column) {
      indices.push_back(row);
      factors.push_back(factor);
    }
    starts.push_back(static_cast<CoinBigIndex>(indices.size()));
  }
  const std::vector<double> zeros(columns, 0);
  const std::vector<double> ones(columns, 1);
  const std::unique_ptr<Cbc_Model, Deleter> model(Cbc_newModel());
  Cbc_loadProblem(model.get(), static_cast<int>(columns), static_cast<int>(program.rows.size()), starts.data(), indices.data(),
                  factors.data(), zeros.data(), ones.data(), program.cost.data(), low.data(), high.data());
  for (size_t column = 0; column < columns; ++column) Cbc_setInteger(model.get(), static_cast<int>(column));
  Cbc_setParameter(model.get(), "logLevel", "0");
  Cbc_solve(model.get());
  if (Cbc_isProvenInfeasible(model.get()) != 0) return std::optional<std::vector<bool>>();
  if (Cbc_isProvenOptimal(model.get()) == 0) {
    return Fail(StatusCode::kInternal,
                "CBC found no best solution of a program of " + std::to_string(columns) + " variables; please report it");
  }
  const double* values = Cbc_getColSolution(model.get());
  std::vector<bool> solution(columns);
  for (size_t column = 0; column < columns; ++column) solution[column] = values[column] > 0.5;
  return std::optional(std::move(solution));
}

}  // namespace tradewind
