#pragma once
// The file 卷宗 of a case, form by form in the ministry's order (司发通〔2010〕239号): which forms this case must
// hold, which are there. What the platform knows fills a form; papers people bring are filed by digest. Pure.

#include <span>
#include <string>
#include <string_view>

#include "mediation/v1/api.pb.h"
#include "mediation/v1/mediation.pb.h"

namespace mediation {

// A form as the ministry's list has it. One table for the checklist, the gate of the archive, and what is printed.
struct FormRule {
  v1::FormKind form;
  std::string_view key;    // "8b"
  std::string_view title;  // "人民调解口头协议登记表"
  // Others hold the paper: if it cannot be had, a written reason takes its place (卷宗情况说明).
  bool excusable;
};
std::span<const FormRule> FormRules();

v1::FileIndex FileIndexOf(const v1::State& state);
// "F3_IDENTITY(p1,p2) F7_SESSION_RECORD"; empty: the file is complete.
std::string MissingForms(const v1::FileIndex& index);
bool MissesOnlyExcusable(const v1::FileIndex& index);

}  // namespace mediation
