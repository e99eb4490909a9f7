#pragma once
// Which tests say that they prove a rule. Collected from tests/ when the platform is built (collect_proofs.py), never
// typed: a test that is renamed or removed is renamed or gone here.

#include <span>
#include <string_view>

namespace selfcheck {

struct Proof {
  std::string_view rule;  // "R6"
  std::string_view test;  // "Report.FromTheFieldIsNeverBouncedForWhatIsMissing"; of a script: its name
  std::string_view file;  // "tests/incident/intake_test.cc"
};
// By rule, then by file.
std::span<const Proof> Proofs();

}  // namespace selfcheck
