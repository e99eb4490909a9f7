#pragma once
// The file of the figures: a row a figure, and behind it a row each of its parts: of K-22 the units of time, of K-08
// how often each score was given, of K-24 the colours, altogether and of each unit, of what comes from outside its
// months, with what stood there before. A part has the figure's id and says in `part` which it is; who adds up figures
// reads the rows without one. Pure.

#include <vector>

#include "oversight/v1/metrics.pb.h"
#include "services/sheet/sheet.h"

namespace oversight {

const std::vector<sheet::Column>& FigureColumns();
void AddFigureRows(const v1::Figure& figure, std::vector<sheet::Row>* rows);

}  // namespace oversight
