#pragma once
// A sheet read to its end.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "google/api/httpbody.pb.h"
#include "services/rpc/server.h"

namespace tests {

inline std::string WholeOf(const rpc::NextMessage<google::api::HttpBody>& next) {
  std::string out;
  while (true) {
    google::api::HttpBody body;
    const auto more = next(&body);
    EXPECT_TRUE(more.ok()) << more.status();
    if (!more.ok() || !*more) return out;
    out += body.data();
  }
}

inline nlohmann::json JsonOf(const rpc::NextMessage<google::api::HttpBody>& next) {
  return nlohmann::json::parse(WholeOf(next));
}

// The one row whose `key` has this value; null if there is none.
inline nlohmann::json RowWith(const nlohmann::json& sheet, const std::string& key, const nlohmann::json& value) {
  nlohmann::json found;
  for (const auto& row : sheet["rows"]) {
    if (row.value(key, nlohmann::json()) == value) {
      EXPECT_TRUE(found.is_null()) << "two rows with " << key << " " << value;
      found = row;
    }
  }
  return found;
}

}  // namespace tests
