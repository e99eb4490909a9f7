#pragma once
// Lays out the basic grids of a city, for an installation that has none surveyed. Pure, and the same every
// time.
//
// How many (GB/T 34300: a community 300–500 households a grid; a village by its natural villages, at least
// one):
//   a village      1, and 1 for each former village that went into it; former villages of which only the
//   township is known
//                  are dealt in turn to the villages of that township
//   a community    7 more, since it holds a few thousand households
// Code: the village's 12 digits and a serial from 001 (domain: 15 digits). Name: 第一网格 …
//
// Where: the county's outline is cut by straight lines into its townships, those into villages, those into
// grids, each in the order of the codes and with room in proportion to its grids. No gap, no overlap, and no
// claim to be true: every polygon is marked boundary_synthetic. Written as GeoJSON Polygon, WGS 84, five
// decimals (about a metre).

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/directory/domain/area_lists.h"

namespace directory {

inline constexpr int kMoreGridsInACommunity = 7;

// Adds grids and polygons to `areas`. `outline`: of counties; a county without one gets grids without
// polygons.
void LayOutGrids(const std::map<std::string, Ring>& outline, std::map<std::string, v1::Area>* areas);

double AreaOf(const Ring& ring);   // square degrees, positive when counter-clockwise
std::string GridName(int serial);  // 第二十一网格

// Cuts `ring` into as many parts as there are weights, in their order, each with its share of the area.
std::vector<Ring> CutByWeights(const Ring& ring, const std::vector<double>& weights);

std::string ToGeoJson(const Ring& ring);

}  // namespace directory
