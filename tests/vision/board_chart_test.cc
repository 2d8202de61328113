// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "vision/board_chart.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace tradewind {
namespace {

using testing::HasSubstr;
using testing::Not;

TimedNet Charted(const std::string& name, double top1, double ms) {
  return {.name = name, .resolution = 224, .top1 = top1, .backend = "native", .latency_ms = ms, .interval = {ms * 0.9, ms * 1.2}};
}

size_t Count(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

// Whether elements open and close as XML's must, and texts hold no bare signs.
bool IsWellFormed(const std::string& xml) {
  std::vector<std::string> open;
  for (size_t at = 0; at < xml.size(); ++at) {
    if (xml[at] == '&' && xml.find(';', at) > at + 5) return false;
    if (xml[at] == '>') return false;  // outside of a tag
    if (xml[at] != '<') continue;
    const size_t end = xml.find('>', at);
    if (end == std::string::npos) return false;
    const std::string tag = xml.substr(at + 1, end - at - 1);
    if (tag.find('<') != std::string::npos || Count(tag, "\"") % 2 != 0) return false;
    const std::string name = tag.substr(0, tag.find_first_of(" /", 1));
    if (tag[0] == '/') {
      if (open.empty() || "/" + open.back() != name) return false;
      open.pop_back();
    } else if (tag.back() != '/') {
      open.push_back(name);
    }
    at = end;
  }
  return open.empty();
}

std::string Chart(const std::vector<TimedNet>& nets, const std::string& title = "t") {
  return BoardSvg(title, nets, ComputeFrontier(BoardPoints(nets), BoardAxes()));
}

TEST(BoardChart, HasAMarkANetAndNamesThoseOfTheFrontier) {
  const std::string svg = Chart({Charted("small", 70, 1), Charted("beaten", 65, 30), Charted("large", 80, 20)});
  EXPECT_TRUE(IsWellFormed(svg)) << svg;
  EXPECT_EQ(Count(svg, "<circle"), 3u);
  EXPECT_THAT(svg, HasSubstr(">small at 224</text>"));
  EXPECT_THAT(svg, HasSubstr(">large at 224</text>"));
  EXPECT_THAT(svg, Not(HasSubstr(">beaten at 224</text>")));
  EXPECT_THAT(svg, HasSubstr("beaten at 224, native: 65 %, 30 ms (27 to 36)")) << "a tip says what each is";
  EXPECT_THAT(svg, HasSubstr(">16 ms</text>"));
  EXPECT_EQ(Count(svg, "<path"), 1u);
}

TEST(BoardChart, NamesAreText) {
  const std::string svg = Chart({Charted("<a & \"b\">", 70, 1)}, "1 < 2 & 3");
  EXPECT_TRUE(IsWellFormed(svg)) << svg;
  EXPECT_THAT(svg, HasSubstr("&lt;a &amp; &quot;b&quot;&gt; at 224"));
}

TEST(BoardChart, OfNothingIsAnEmptyChart) {
  const std::string svg = Chart({});
  EXPECT_TRUE(IsWellFormed(svg));
  EXPECT_EQ(Count(svg, "<circle"), 0u);
}

TEST(BoardChart, TheCheckOfFormSeesWhatIsWrong) {
  for (const char* bad : {"<a>", "<a></b>", "<a x=\"1></a>", "<a>&</a>", "<a>></a>", "</a>"}) EXPECT_FALSE(IsWellFormed(bad)) << bad;
}

}  // namespace
}  // namespace tradewind
