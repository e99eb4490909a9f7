#pragma once
// The codes a file of the product can answer with: every literal in capitals. Whoever must have words for each of them
// reads them here, so that a new one without words is noticed.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
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
  const std::regex code("\"([A-Z][A-Z_]+)\"");
  for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at) codes.insert((*at)[1]);
  return codes;
}

}  // namespace tests
