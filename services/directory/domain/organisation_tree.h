#pragma once
// The organisations a city has by law and by plan, computed from its areas: government, centre 综治中心,
// petition office, police and justice at every level from the township up; departments, courts, discipline,
// industry committees and public utilities where they exist; a centre and a people's mediation committee
// (两中心) in every village. Pure.
//
// Ids read as what they are: "371403-centre", "371403001002-committee", "371403-hrss".
// superior_for_review, who looks again at what an organisation decided (信访工作条例 35, 36; 行政复议): the
// same organisation one level up, else the government there. A village is reviewed by its township, a bureau of
// the city by the province's department of the same system, which is outside.

#include <map>
#include <string>
#include <vector>

#include "directory/v1/notices.pb.h"

namespace directory {

// Of areas valid today. Parents come before children.
std::vector<v1::Organisation> BuildOrganisations(const std::map<std::string, v1::Area>& areas);

}  // namespace directory
