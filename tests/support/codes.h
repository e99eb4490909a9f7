#pragma once
// The codes a file of the product can answer with: every literal in capitals. Whoever must have words for each of them
// reads them here, so that a new one without words is noticed.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

namespace tests {

// `function`: only of the definition that begins with it.
inline std::set<std::string> CodesIn(const std::string& file, const std::string& function = "") {
  std::ifstream in(file);
  std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
  const size_t begin = function.empty() ? 0 : text.find("\n" + function);
  EXPECT_TRUE(in.good() && begin != std::string::npos) << file << " has no " << function;
  if (begin == std::string::npos) return {};
  if (!function.empty()) text = text.substr(begin, text.find("\n}\n", begin) - begin);
  std::set<std::string> codes;
  // Each quotation mark may begin one: what ends at another one and is capitals throughout is a code.
  for (size_t from = text.find('"'); from != std::string::npos; from = text.find('"', from + 1)) {
    const size_t to = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", from + 1);
    if (to != std::string::npos && text[to] == '"' && to > from + 2) codes.insert(text.substr(from + 1, to - from - 1));
  }
  return codes;
}

}  // namespace tests
