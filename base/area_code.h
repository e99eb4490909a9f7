#pragma once
// Area codes 行政区划代码: digits, one length a level, each a prefix of what lies below it (GB/T 2260, GB/T
// 10114). Length 2 province, 4 city, 6 county, 9 township, 12 village, 15 grid. Levels are numbered as
// common.v1.Level: 1 grid, 2 village, 3 township, 4 county, 5 city, 6 province. Pure; says nothing about
// whether the area exists.

#include <string>
#include <string_view>

namespace base {

int LevelOf(std::string_view code);           // 0: not an area code
std::string ParentOf(std::string_view code);  // one level up; empty for a province or a bad code
bool Covers(std::string_view prefix, std::string_view code);  // same area or below; false if either is bad
std::string CutTo(std::string_view code, int level);  // the area of that level around it; empty if none

}  // namespace base
