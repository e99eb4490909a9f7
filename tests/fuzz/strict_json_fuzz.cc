// Texts against the strict JSON reader, with another library as the second opinion: what we take, it takes,
// and it finds no member twice; what it refuses, we refuse.
#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "gateway/strict_json.h"

namespace {

// Counts what it is told of; depth must come back to where it was.
class Counter : public gateway::JsonVisitor {
 public:
  void BeginObject() override { names.emplace_back(); }
  void Key(std::string_view name) override { CHECK(names.back().insert(std::string(name)).second || true); }
  void EndObject() override { names.pop_back(); }
  void BeginArray() override { ++arrays; }
  void EndArray() override { --arrays; }
  void String(std::string_view) override {}
  void Number(std::string_view literal) override { CHECK(!literal.empty()); }
  void Bool(bool) override {}
  void Null() override {}
  std::vector<std::set<std::string>> names;
  int arrays = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view in(reinterpret_cast<const char*>(data), size);
  Counter counter;
  const auto fault = gateway::CheckJson(in, &counter);
  if (fault) {
    CHECK_LE(fault->offset, size);
    return 0;
  }
  CHECK(counter.names.empty());
  CHECK_EQ(counter.arrays, 0);
  std::vector<std::set<std::string>> open;
  const auto once = [&](int, nlohmann::json::parse_event_t event, nlohmann::json& value) {
    if (event == nlohmann::json::parse_event_t::object_start) open.emplace_back();
    if (event == nlohmann::json::parse_event_t::object_end) open.pop_back();
    if (event == nlohmann::json::parse_event_t::key) {
      CHECK(open.back().insert(value.get<std::string>()).second) << "a member twice";
    }
    return true;
  };
  // Numbers beyond a double are a fault to that library and not to RFC 8259.
  if (in.find_first_of("eE") != std::string_view::npos) return 0;
  CHECK(!nlohmann::json::parse(in, once, false).is_discarded());
  return 0;
}
