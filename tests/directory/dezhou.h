#pragma once
// The real lists of Dezhou 德州市, 2020 and 2023, as the installation reads them. Read from policy/areas in
// the tree.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "services/directory/domain/area_changes.h"
#include "services/directory/domain/area_lists.h"

namespace directory {

inline std::string ReadWhole(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline VintageFiles DezhouFiles(const std::string& year) {
  const std::string folder = "policy/areas/dezhou-" + year + "/";
  const auto file = [&](const std::string& name) {
    return ListFile{"dezhou-" + year + "/" + name, ReadWhole(folder + name)};
  };
  return {file("vintage.csv"),  file("counties.csv"), file("townships.csv"), file("townships_statutory.csv"),
          file("villages.csv"), file("folded.csv"),   file("boundaries.csv")};
}

inline Vintage Dezhou(const std::string& year) {
  auto vintage = ReadVintage(DezhouFiles(year));
  EXPECT_TRUE(vintage.ok()) << vintage.status();
  return vintage.ok() ? *std::move(vintage) : Vintage{};
}

inline std::map<std::string, v1::Area> DezhouAreas() {
  auto areas = Combine({Dezhou("2020"), Dezhou("2023")});
  EXPECT_TRUE(areas.ok()) << areas.status();
  return areas.ok() ? *std::move(areas) : std::map<std::string, v1::Area>{};
}

}  // namespace directory
