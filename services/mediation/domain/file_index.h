#pragma once
// The file 卷宗 of a case, form by form in the ministry's order (司发通〔2010〕239号): which forms this case must
// hold, which are there. What the platform knows fills a form; papers people bring are filed by digest. Pure.

#include <string>

#include "mediation/v1/api.pb.h"
#include "mediation/v1/mediation.pb.h"

namespace mediation {

v1::FileIndex FileIndexOf(const v1::State& state);
// "F3_IDENTITY(p1,p2) F7_SESSION_RECORD"; empty: the file is complete.
std::string MissingForms(const v1::FileIndex& index);

}  // namespace mediation
