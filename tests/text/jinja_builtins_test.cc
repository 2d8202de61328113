// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
//
// What a call must refuse, and the laws of the sequence filters. What they give is compared with jinja2 in
// chat_template_golden_test.cc.
#include "text/jinja_builtins.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "chat_template_testing.h"
#include "text/jinja_eval.h"

namespace tradewind::jinja {
namespace {

constexpr const char* kBadArguments[] = {"range()",
                                         "range(1, 2, 3, 4)",
                                         "range('a')",
                                         "range(1, 2, 0)",
                                         "range(stop=3)",
                                         "dict(1)",
                                         "namespace([1])",
                                         "raise_exception()",
                                         "strftime_now()",
                                         "'x'|trim(1)",
                                         "'x'|trim('a', 'b')",
                                         "'x'|replace('a')",
                                         "'x'|indent(none)",
                                         "[1]|join(nope=1)",
                                         "5|length",
                                         "none|list",
                                         "none|first",
                                         "'a'|round",
                                         "missing|int",
                                         "missing|float",
                                         "[[1], 2]|sort",
                                         "5|dictsort",
                                         "{}|dictsort(by='x')",
                                         "['a']|sum",
                                         "[1]|map('nosuch')|list",
                                         "[1]|map|list",
                                         "[1]|select('nosuch')|list",
                                         "[1]|selectattr|list",

                                         "[1]|slice(0)|list",
                                         "[[]]|unique|list",
                                         "(x for x)",
                                         "'a'.split('')",
                                         "'a'.center('x')",
                                         "'a'.center(5, 'xx')",
                                         "'a'.join([1])",
                                         "'a'.startswith(1)",
                                         "'a'.strip(1)",
                                         "[1].index(2)",
                                         "{}.get()",
                                         "{}.keys(1)",
                                         "{}.pop('a')",
                                         "[].append(1)",
                                         "'a'.nosuch()",
                                         "'{}'.format()",
                                         "'{x}'.format(1)",
                                         "'{'.format(1)",
                                         "'}'.format(1)",
                                         "'{:d}'.format('a')",
                                         "'{:s}'.format(1)",
                                         "'%d' % 'a'",
                                         "'%s %s' % 'a'",
                                         "'%s' % ('a', 'b')",
                                         "'%' % 1",
                                         "'%(a)s' % 1",
                                         "'%y' % 1",
                                         "1 is divisibleby",
                                         "1 is defined(2)",
                                         "1 is eq",
                                         "[1] is divisibleby(2)",
                                         "[1]|tojson(separators=1)",
                                         "namespace()|tojson",
                                         "range(2)|tojson",
                                         "{(1,): 2}|tojson",
                                         "[1]|map('upper')",
                                         "range",
                                         "'a'.upper",
                                         "1()",
                                         "none.x.y",
                                         "[1, 2][::0]",

                                         "-'a'",
                                         "+[]",
                                         "1 < 'a'",
                                         "none < none",
                                         "1 in 2",
                                         "0 ** -1",
                                         "(-8) ** 0.5"};

TEST(JinjaBuiltins, RefuseBadArguments) {
  for (const char* expression : kBadArguments) {
    const std::string text = Rendered("{{ " + std::string(expression) + " }}");
    EXPECT_TRUE(text.starts_with("!")) << expression << " gives " << text;
    EXPECT_NE(text.find("line 1"), std::string::npos) << text;
  }
}

TEST(JinjaBuiltins, SortIsStableAndOrdered) {
  std::mt19937 random(5);
  for (int round = 0; round < 50; ++round) {
    std::vector<std::pair<int, int>> pairs;
    nlohmann::json json = nlohmann::json::array();
    for (unsigned n = random() % 40; n > 0; --n) {
      pairs.emplace_back(static_cast<int>(random() % 6), static_cast<int>(pairs.size()));
      json.push_back({{"k", pairs.back().first}, {"i", pairs.back().second}});
    }
    std::stable_sort(pairs.begin(), pairs.end(), [](auto a, auto b) { return a.first < b.first; });
    std::string expected;
    for (const auto& p : pairs) expected += std::to_string(p.second) + " ";
    EXPECT_EQ(Rendered("{% for x in l|sort(attribute='k') %}{{ x.i }} {% endfor %}", {{"l", json.dump()}}), expected);
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](auto a, auto b) { return a.first > b.first || (a.first == b.first && a.second < b.second); });
    expected.clear();
    for (const auto& p : pairs) expected += std::to_string(p.second) + " ";
    EXPECT_EQ(Rendered("{% for x in l|sort(attribute='k', reverse=true) %}{{ x.i }} {% endfor %}", {{"l", json.dump()}}), expected);
  }
}

// Slices against their definition: the positions start, start + step, ... before stop.
TEST(JinjaBuiltins, Slices) {
  const std::string letters = "abcde";
  for (int start = -7; start <= 7; ++start) {
    for (int stop = -7; stop <= 7; ++stop) {
      for (const int step : {-3, -1, 1, 2}) {
        const int size = 5;
        const auto clamp = [&](int i) { return std::clamp(i < 0 ? i + size : i, step < 0 ? -1 : 0, step < 0 ? size - 1 : size); };
        std::string expected;
        for (int i = clamp(start); step > 0 ? i < clamp(stop) : i > clamp(stop); i += step) expected += letters[static_cast<size_t>(i)];
        const std::string slice = "[" + std::to_string(start) + ":" + std::to_string(stop) + ":" + std::to_string(step) + "]";
        EXPECT_EQ(Rendered("{{ 'abcde'" + slice + " }}"), expected) << slice;
        EXPECT_EQ(Rendered("{{ 'abcde'|list"
                           "|join }}{{ (['a', 'b', 'c', 'd', 'e']" +
                           slice + ")|join }}"),
                  letters + expected)
            << slice;
      }
    }
  }
}

}  // namespace
}  // namespace tradewind::jinja
