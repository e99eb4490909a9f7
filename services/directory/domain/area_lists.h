#pragma once
// Reads the official lists of one city and one day, as published: vintage.csv, counties.csv, townships.csv,
// townships_statutory.csv, villages.csv, and optionally folded.csv and boundaries.csv
// (policy/areas/SOURCE.md). Pure: takes texts, opens no file. An error names file, line and column, in
// Chinese and English, and nothing is taken over.
//
// Functional zones (开发区, 新区) that a list shows beside the counties are folded into the county they
// belong to by law: their townships and villages get codes inside it, and keep the listed code and parent as
// `listed_code` and `listed_under`.

#include <absl/status/statusor.h>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "directory/v1/notices.pb.h"

namespace directory {

// One file: its name is used in errors, its text is the whole file.
struct ListFile {
  std::string name;
  std::string text;
};

struct VintageFiles {
  ListFile vintage, counties, townships, statutory, villages;
  ListFile folded;      // empty text: there is none
  ListFile boundaries;  // empty text: there is none
};

struct Point {
  double lon = 0;
  double lat = 0;
};
using Ring = std::vector<Point>;  // counter-clockwise, first point not repeated

// What one vintage says, folded and checked: every area with its parent, by code. No successors, no grids.
struct Vintage {
  std::string as_of;  // "2023-06-30"
  std::string city;   // "3714"
  std::map<std::string, v1::Area> area;
  std::map<std::string, Ring> boundary;  // of counties
};

absl::StatusOr<Vintage> ReadVintage(const VintageFiles& files);

}  // namespace directory
