#pragma once
// What is done to a PDF after the browser wrote it: no time of printing, its check code in it, which section begins on
// which page. Over libqpdf. Pure.

#include <absl/status/statusor.h>

#include <map>
#include <string>
#include <string_view>

namespace press {

struct Pdf {
  std::string bytes;
  int pages = 0;
  std::map<std::string, int> page_of;  // anchor -> page, from 1
};

// DATA_LOSS if `bytes` are no PDF.
absl::StatusOr<Pdf> FinishPdf(std::string_view bytes, std::string_view title, std::string_view code);

}  // namespace press
