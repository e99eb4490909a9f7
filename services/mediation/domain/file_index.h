#pragma once
// The file 卷宗 of a case, form by form in the ministry's order (司发通〔2010〕239号): which forms this case must
// hold, which are there. What the platform knows fills a form; papers people bring are filed by digest, and are there
// when media has their bytes. Pure.

#include <functional>
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

// Whether media has told that the bytes of this document are here.
using Received = std::function<bool(std::string_view sha256)>;

v1::FileIndex FileIndexOf(const v1::State& state, const Received& received);
// Whether the archive waits for this line: something is missing, unsigned though it must be signed, or not received.
bool Waits(const v1::FileLine& line);
bool IsUnsigned(const v1::FileLine& line);  // it is here, and waits for a pen
// "F1B_REGISTER:unsigned F3_IDENTITY(p1,p2) F6_EVIDENCE[<digest>]"; empty: the file is complete.
std::string MissingForms(const v1::FileIndex& index);
bool MissesOnlyExcusable(const v1::FileIndex& index);

// What is to be done about each line that waits, and who has to: file_tasks.cc.
void AddTasks(const v1::State& state, v1::FileIndex* index);

}  // namespace mediation
