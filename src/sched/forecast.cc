// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "sched/forecast.h"

#include <algorithm>
#include <cmath>

namespace tradewind {
namespace {

// How many sequences like these run at once, as far as places and pages go.
double Places(const ForecastQuestion& question, const SchedulerOptions& options, const SchedulerLoad& load) {
  const double mean = static_cast<double>(load.positions) / static_cast<double>(std::max<int64_t>(1, load.running));
  const double positions = std::max({mean, static_cast<double>(question.tokens), 1.0});
  const double by_pages = static_cast<double>(options.pages * options.page_positions) / positions;
  return std::clamp(by_pages, 1.0, static_cast<double>(options.running));
}

// A pass that reads so many tokens, half of its prompt before them, beside so many that decode.
double Pass_s(double read, double decoding, const ForecastQuestion& question, const SchedulerLoad& load, const StepCost& cost) {
  StepShape shape;
  shape.prefill_tokens = std::llround(read);
  shape.prefill_depth = std::llround(read * static_cast<double>(question.tokens) / 2);
  shape.decodes = std::llround(decoding);
  const double depth =
      static_cast<double>(std::max(load.positions, question.tokens)) / static_cast<double>(std::max<int64_t>(1, load.running));
  shape.decode_depth = std::llround(decoding * depth);
  return cost.Predict(shape).seconds();
}

}  // namespace

Forecast PredictTimes(const ForecastQuestion& question, const SchedulerOptions& options, const SchedulerLoad& load, const StepCost& cost) {
  const double places = Places(question, options, load);
  const double ahead = static_cast<double>(question.ahead_sequences);
  const double decoding = std::min(places, static_cast<double>(load.decoding) + ahead);
  const auto step = static_cast<double>(options.step_tokens);
  const double room = std::max(1.0, step - decoding);
  const double chunk = decoding > 0 ? std::min(room, static_cast<double>(options.prefill_tokens_while_decoding)) : step;

  const auto tokens = static_cast<double>(question.tokens);
  const double full_s = Pass_s(chunk, decoding, question, load, cost);
  const auto reading_s = [&](double count) {
    const double rest = std::fmod(count, chunk);
    const double last_s = rest > 0 ? Pass_s(rest, decoding, question, load, cost) : 0;
    return std::floor(count / chunk) * full_s + last_s;
  };
  // What arrives meanwhile waits for the pass that runs: half of one on average.
  const double pass_left_s = load.running > 0 ? full_s / 2 : 0;
  const double own_s = reading_s(tokens);
  const double queue_s = reading_s(question.ahead_tokens + tokens);

  const double draw_s = Pass_s(0, decoding + 1, question, load, cost);
  const double usual_s = (draw_s + full_s) / 2;  // of passes while others are read now and then
  const double end_every_s = std::max(question.usual_output, 1.0) * usual_s / places;
  const double must_end = std::max(0.0, static_cast<double>(load.running) + ahead + 1 - places);

  Forecast forecast;
  const double first_s = pass_left_s + std::max(queue_s, must_end * end_every_s + own_s);
  const double each_s = load.running + question.ahead_sequences > 0 ? usual_s : draw_s;
  forecast.first_token = Duration::Seconds(first_s);
  forecast.last_token = Duration::Seconds(first_s + std::max(0.0, question.output - 1) * each_s);
  forecast.per_token = Duration::Seconds(full_s / chunk);
  forecast.per_start = Duration::Seconds(std::max(own_s, must_end > 0 ? end_every_s : 0.0));
  return forecast;
}

}  // namespace tradewind
