#pragma once
// A paper as bytes that are given out: HTML or PDF, with its check code.

#include <absl/status/statusor.h>

#include <functional>
#include <map>
#include <string>

#include "services/press/paper.h"
#include "services/press/printer.h"

namespace press {

struct Printed {
  std::string bytes;
  std::string content_type;
  std::string file_name;  // "人民调解协议书.pdf"
  std::string code;       // SHA-256 in hex
};

// The paper, knowing on which page each of its sections begins: nothing of that at first.
using PaperSource = std::function<absl::StatusOr<Paper>(const std::map<std::string, int>& page_of)>;

// `printer` null: HTML. As PDF a paper that says page numbers is printed twice. Errors of the source, and those of
// printer.h. Waits.
absl::StatusOr<Printed> Print(const PaperSource& source, Printer* printer);

}  // namespace press
