// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>

#include "vision/image.h"

namespace tradewind {
namespace {

constexpr int64_t kGlyphWidth = 5, kGlyphHeight = 7;
constexpr int64_t kCellWidth = 6, kCellHeight = 10;
constexpr char kFirst = ' ', kLast = '~';

// Printable ASCII: seven rows of five dots, the leftmost the highest bit.
constexpr uint8_t kGlyphs[kLast - kFirst + 1][kGlyphHeight] = {
    {0, 0, 0, 0, 0, 0, 0},        {4, 4, 4, 4, 4, 0, 4},        {10, 10, 0, 0, 0, 0, 0},      {10, 10, 31, 10, 31, 10, 10},
    {4, 15, 20, 14, 5, 30, 4},    {25, 25, 2, 4, 8, 19, 19},    {12, 18, 20, 8, 21, 18, 13},  {4, 4, 0, 0, 0, 0, 0},
    {2, 4, 8, 8, 8, 4, 2},        {8, 4, 2, 2, 2, 4, 8},        {0, 4, 21, 14, 21, 4, 0},     {0, 4, 4, 31, 4, 4, 0},
    {0, 0, 0, 0, 6, 2, 4},        {0, 0, 0, 31, 0, 0, 0},       {0, 0, 0, 0, 0, 6, 6},        {1, 1, 2, 4, 8, 16, 16},
    {14, 17, 19, 21, 25, 17, 14}, {4, 12, 4, 4, 4, 4, 14},      {14, 17, 1, 2, 4, 8, 31},     {31, 2, 4, 2, 1, 17, 14},
    {2, 6, 10, 18, 31, 2, 2},     {31, 16, 30, 1, 1, 17, 14},   {6, 8, 16, 30, 17, 17, 14},   {31, 1, 2, 4, 8, 8, 8},
    {14, 17, 17, 14, 17, 17, 14}, {14, 17, 17, 15, 1, 2, 12},   {0, 6, 6, 0, 6, 6, 0},        {0, 6, 6, 0, 6, 2, 4},
    {2, 4, 8, 16, 8, 4, 2},       {0, 0, 31, 0, 31, 0, 0},      {8, 4, 2, 1, 2, 4, 8},        {14, 17, 1, 2, 4, 0, 4},
    {14, 17, 1, 13, 21, 21, 14},  {14, 17, 17, 17, 31, 17, 17}, {30, 17, 17, 30, 17, 17, 30}, {14, 17, 16, 16, 16, 17, 14},
    {28, 18, 17, 17, 17, 18, 28}, {31, 16, 16, 30, 16, 16, 31}, {31, 16, 16, 30, 16, 16, 16}, {14, 17, 16, 23, 17, 17, 15},
    {17, 17, 17, 31, 17, 17, 17}, {14, 4, 4, 4, 4, 4, 14},      {7, 2, 2, 2, 2, 18, 12},      {17, 18, 20, 24, 20, 18, 17},
    {16, 16, 16, 16, 16, 16, 31}, {17, 27, 21, 21, 17, 17, 17}, {17, 17, 25, 21, 19, 17, 17}, {14, 17, 17, 17, 17, 17, 14},
    {30, 17, 17, 30, 16, 16, 16}, {14, 17, 17, 17, 21, 18, 13}, {30, 17, 17, 30, 20, 18, 17}, {15, 16, 16, 14, 1, 1, 30},
    {31, 4, 4, 4, 4, 4, 4},       {17, 17, 17, 17, 17, 17, 14}, {17, 17, 17, 17, 17, 10, 4},  {17, 17, 17, 21, 21, 21, 10},
    {17, 17, 10, 4, 10, 17, 17},  {17, 17, 17, 10, 4, 4, 4},    {31, 1, 2, 4, 8, 16, 31},     {14, 8, 8, 8, 8, 8, 14},
    {16, 16, 8, 4, 2, 1, 1},      {14, 2, 2, 2, 2, 2, 14},      {4, 10, 17, 0, 0, 0, 0},      {0, 0, 0, 0, 0, 0, 31},
    {8, 4, 2, 0, 0, 0, 0},        {0, 0, 14, 1, 15, 17, 15},    {16, 16, 22, 25, 17, 17, 30}, {0, 0, 14, 16, 16, 17, 14},
    {1, 1, 13, 19, 17, 17, 15},   {0, 0, 14, 17, 31, 16, 14},   {6, 9, 8, 28, 8, 8, 8},       {0, 15, 17, 17, 15, 1, 14},
    {16, 16, 22, 25, 17, 17, 17}, {4, 0, 12, 4, 4, 4, 14},      {2, 0, 6, 2, 2, 18, 12},      {16, 16, 18, 20, 24, 20, 18},
    {12, 4, 4, 4, 4, 4, 14},      {0, 0, 26, 21, 21, 17, 17},   {0, 0, 22, 25, 17, 17, 17},   {0, 0, 14, 17, 17, 17, 14},
    {0, 0, 30, 17, 30, 16, 16},   {0, 0, 13, 19, 15, 1, 1},     {0, 0, 22, 25, 16, 16, 16},   {0, 0, 14, 16, 14, 1, 30},
    {8, 8, 28, 8, 8, 9, 6},       {0, 0, 17, 17, 17, 19, 13},   {0, 0, 17, 17, 17, 10, 4},    {0, 0, 17, 17, 21, 21, 10},
    {0, 0, 17, 10, 4, 10, 17},    {0, 0, 17, 17, 15, 1, 14},    {0, 0, 31, 2, 4, 8, 31},      {2, 4, 4, 8, 4, 4, 2},
    {4, 4, 4, 4, 4, 4, 4},        {8, 4, 4, 2, 4, 4, 8},        {0, 0, 9, 21, 18, 0, 0},
};

void Fill(Image& image, int64_t left, int64_t top, int64_t right, int64_t bottom, Color color) {
  for (int64_t y = std::max<int64_t>(0, top); y < std::min(bottom, image.height); ++y) {
    for (int64_t x = std::max<int64_t>(0, left); x < std::min(right, image.width); ++x) {
      uint8_t* p = image.At(y, x);
      p[0] = color.red;
      p[1] = color.green;
      p[2] = color.blue;
    }
  }
}

// A place in pixels, still far outside where it is far outside.
int64_t Whole(float x) {
  return static_cast<int64_t>(std::clamp(x, -1e6f, 1e6f));  // a NaN is told apart by DrawBox
}

}  // namespace

void DrawBox(Image& image, const Box& box, Color color, int64_t thickness) {
  if (!(box.left <= box.right) || !(box.top <= box.bottom)) return;  // also of NaN
  const int64_t left = Whole(box.left), right = Whole(box.right);
  const int64_t top = Whole(box.top), bottom = Whole(box.bottom);
  Fill(image, left, top, right, std::min(bottom, top + thickness), color);
  Fill(image, left, std::max(top, bottom - thickness), right, bottom, color);
  Fill(image, left, top, std::min(right, left + thickness), bottom, color);
  Fill(image, std::max(left, right - thickness), top, right, bottom, color);
}

void DrawLine(Image& image, float x0, float y0, float x1, float y1, Color color, int64_t thickness) {
  // Ends outside are taken at the edge's other side: a slightly other angle, and no walk over pixels that are not there.
  const auto x = [&](float at) { return std::clamp(at, -1.0f, static_cast<float>(image.width)); };
  const auto y = [&](float at) { return std::clamp(at, -1.0f, static_cast<float>(image.height)); };
  if (!(x0 == x0) || !(y0 == y0) || !(x1 == x1) || !(y1 == y1)) return;  // a NaN
  const float dx = x(x1) - x(x0), dy = y(y1) - y(y0);
  const int64_t steps = 1 + static_cast<int64_t>(std::max(std::fabs(dx), std::fabs(dy)));
  for (int64_t i = 0; i <= steps; ++i) {
    const float share = static_cast<float>(i) / static_cast<float>(steps);
    const auto left = static_cast<int64_t>(x(x0) + share * dx) - thickness / 2;
    const auto top = static_cast<int64_t>(y(y0) + share * dy) - thickness / 2;
    Fill(image, left, top, left + thickness, top + thickness, color);
  }
}

void DrawText(Image& image, int64_t left, int64_t top, std::string_view text, Color color, Color ground, int64_t scale) {
  Fill(image, left, top, left + static_cast<int64_t>(text.size()) * kCellWidth * scale, top + kCellHeight * scale, ground);
  for (const char c : text) {
    const char known = c < kFirst || c > kLast ? '?' : c;
    for (int64_t y = 0; y < kGlyphHeight; ++y) {
      for (int64_t x = 0; x < kGlyphWidth; ++x) {
        if ((kGlyphs[known - kFirst][y] >> (kGlyphWidth - 1 - x) & 1) == 0) continue;
        const int64_t dot_left = left + x * scale, dot_top = top + (y + 1) * scale;
        Fill(image, dot_left, dot_top, dot_left + scale, dot_top + scale, color);
      }
    }
    left += kCellWidth * scale;
  }
}

}  // namespace tradewind
