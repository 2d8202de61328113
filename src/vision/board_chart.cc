// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/board_chart.h"

#include <algorithm>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <vector>

namespace tradewind {
namespace {

constexpr double kWidth = 1000, kHeight = 640;
constexpr double kLeft = 60, kRight = 36, kTop = 44, kBottom = 56;
constexpr double kLetter = 6.2, kLine = 13;  // of the names' type

struct NameBox {
  double left = 0, top = 0, right = 0, bottom = 0;
  bool Meets(const NameBox& o) const { return left < o.right && o.left < right && top < o.bottom && o.top < bottom; }
  bool Inside() const { return left >= kLeft && right <= kWidth - kRight && top >= kTop && bottom <= kHeight - kBottom; }
};

std::string XmlText(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
    }
  }
  return out;
}

__attribute__((format(printf, 2, 3))) void PrintTo(std::string& out, const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  out += text;
}

// Milliseconds and per cent to places.
struct BoardScale {
  double least_power = 0, most_power = 1, least = 0, most = 100;
  double X(double ms) const {
    return kLeft + (std::log2(std::max(ms, 1e-6)) - least_power) / (most_power - least_power) * (kWidth - kLeft - kRight);
  }
  double Y(double top1) const { return kHeight - kBottom - (top1 - least) / (most - least) * (kHeight - kTop - kBottom); }
};

BoardScale ScaleOf(std::span<const TimedNet> nets) {
  BoardScale scale{.least_power = 1e9, .most_power = -1e9, .least = 100, .most = 0};
  for (const TimedNet& net : nets) {
    scale.least_power = std::min(scale.least_power, std::floor(std::log2(std::max(net.interval.low, 1e-6)) * 2) / 2);
    scale.most_power = std::max(scale.most_power, std::ceil(std::log2(std::max(net.interval.high, 1e-6)) * 2) / 2);
    scale.least = std::min(scale.least, 5 * std::floor((net.top1 - 0.5) / 5));
    scale.most = std::max(scale.most, 5 * std::ceil((net.top1 + 0.5) / 5));
  }
  if (nets.empty()) scale = {};
  scale.most_power = std::max(scale.most_power, scale.least_power + 1);
  return scale;
}

void DrawGrid(const BoardScale& scale, std::string& out) {
  for (double power = std::ceil(scale.least_power); power <= scale.most_power; ++power) {
    const double x = scale.X(std::exp2(power));
    PrintTo(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>\n", x, kTop, x, kHeight - kBottom);
    PrintTo(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\" fill=\"#555\">%g ms</text>\n", x, kHeight - kBottom + 18,
            std::exp2(power));
  }
  for (double top1 = scale.least; top1 <= scale.most; top1 += 5) {
    const double y = scale.Y(top1);
    PrintTo(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#e4e4e4\"/>\n", kLeft, y, kWidth - kRight, y);
    PrintTo(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\" fill=\"#555\">%g</text>\n", kLeft - 8, y + 4, top1);
  }
  PrintTo(out, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">latency of one picture here</text>\n", kWidth / 2, kHeight - 12);
  PrintTo(out, "<text x=\"16\" y=\"%.1f\" text-anchor=\"middle\" transform=\"rotate(-90 16 %.1f)\">top-1, %% (public)</text>\n",
          kHeight / 2, kHeight / 2);
}

// What a deadline buys goes up in steps, from one net of the frontier to the next.
void DrawFrontier(const BoardScale& scale, std::span<const TimedNet> nets, const std::vector<size_t>& order, std::string& out) {
  std::string path;
  for (const size_t i : order) {
    const double x = scale.X(nets[i].latency_ms), y = scale.Y(nets[i].top1);
    if (path.empty()) {
      PrintTo(path, "M%.1f %.1f", x, y);
    } else {
      PrintTo(path, "H%.1fV%.1f", x, y);
    }
  }
  if (!path.empty()) out += "<path d=\"" + path + "\" fill=\"none\" stroke=\"#1f6f8b\" stroke-width=\"1.5\"/>\n";
}

void DrawMark(const BoardScale& scale, const TimedNet& net, bool on_frontier, std::string& out) {
  const double x = scale.X(net.latency_ms), y = scale.Y(net.top1);
  const char* colour = on_frontier ? "#1f6f8b" : "#b9a777";
  PrintTo(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"/>\n", scale.X(net.interval.low), y,
          scale.X(net.interval.high), y, colour);
  PrintTo(out, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"%s\" fill=\"%s\">", x, y, on_frontier ? "4" : "3", colour);
  out += "<title>" + XmlText(net.Title() + ", " + net.backend);
  PrintTo(out, ": %.4g %%, %.4g ms (%.4g to %.4g)", net.top1, net.latency_ms, net.interval.low, net.interval.high);
  out += "</title></circle>\n";
}

// Names go where neither a mark nor another name stands, up and to the left of their own if there is room.
void DrawNames(const BoardScale& scale, std::span<const TimedNet> nets, const std::vector<size_t>& order, std::string& out) {
  std::vector<NameBox> taken;
  for (const TimedNet& net : nets) {
    const double x = scale.X(net.latency_ms), y = scale.Y(net.top1);
    taken.push_back({x - 4, y - 4, x + 4, y + 4});
  }
  for (const size_t i : order) {
    const double x = scale.X(nets[i].latency_ms), y = scale.Y(nets[i].top1);
    const std::string name = nets[i].Title();
    const double length = kLetter * static_cast<double>(name.size());
    for (int step = 0; step < 40; ++step) {
      // Further and further away, above on the left and below on the right in turn.
      const double away = 10 + kLine * static_cast<double>(step / 2);
      const bool above = step % 2 == 0;
      const double left = above ? x - 8 - length : x + 8;
      const double base = above ? y - away + 4 : y + away + 6;
      const NameBox box{left, base - kLine + 3, left + length, base + 3};
      if (!box.Inside() || std::any_of(taken.begin(), taken.end(), [&](const NameBox& b) { return b.Meets(box); })) continue;
      taken.push_back(box);
      if (step > 1) {
        PrintTo(out, "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#cccccc\"/>\n", x, y, above ? left + length : left,
                base - 4);
      }
      PrintTo(out, "<text x=\"%.1f\" y=\"%.1f\" font-size=\"11\">", left, base);
      out += XmlText(name) + "</text>\n";
      break;
    }
  }
}

}  // namespace

std::string BoardSvg(const std::string& title, std::span<const TimedNet> nets, std::span<const FrontierEntry> frontier) {
  std::string out;
  PrintTo(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%g\" height=\"%g\" font-family=\"sans-serif\" font-size=\"12\">\n",
          kWidth, kHeight);
  PrintTo(out, "<rect width=\"%g\" height=\"%g\" fill=\"white\"/>\n<text x=\"%g\" y=\"24\" font-size=\"15\">", kWidth, kHeight, kLeft);
  out += XmlText(title) + "</text>\n";
  const BoardScale scale = ScaleOf(nets);
  DrawGrid(scale, out);
  std::vector<size_t> order;
  for (size_t i = 0; i < nets.size(); ++i) {
    if (frontier[i].OnFrontier()) order.push_back(i);
  }
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return nets[a].latency_ms < nets[b].latency_ms; });
  DrawFrontier(scale, nets, order, out);
  for (size_t i = 0; i < nets.size(); ++i) DrawMark(scale, nets[i], frontier[i].OnFrontier(), out);
  DrawNames(scale, nets, order, out);
  return out + "</svg>\n";
}

}  // namespace tradewind
