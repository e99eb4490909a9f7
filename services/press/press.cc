#include "services/press/press.h"

#include <utility>

#include "base/status_macros.h"
#include "services/press/pdf.h"

namespace press {

absl::StatusOr<Printed> Print(const PaperSource& source, Printer* printer) {
  ASSIGN_OR_RETURN(const Paper paper, source({}));
  Printed printed;
  printed.code = CheckCode(paper);
  std::string html = Typeset(paper, printed.code);
  if (html.size() > kHtmlBytesMax) return absl::OutOfRangeError("the paper is too long");
  printed.file_name = paper.title + (printer == nullptr ? ".html" : ".pdf");
  printed.content_type = printer == nullptr ? "text/html; charset=utf-8" : "application/pdf";
  if (printer == nullptr) {
    printed.bytes = std::move(html);
    return printed;
  }
  ASSIGN_OR_RETURN(const std::string raw, printer->Print(html));
  ASSIGN_OR_RETURN(Pdf pdf, FinishPdf(raw, paper.title, printed.code));
  ASSIGN_OR_RETURN(const Paper numbered, source(pdf.page_of));
  if (std::string again = Typeset(numbered, printed.code); again != html) {
    ASSIGN_OR_RETURN(const std::string second, printer->Print(std::move(again)));
    ASSIGN_OR_RETURN(pdf, FinishPdf(second, paper.title, printed.code));
  }
  printed.bytes = std::move(pdf.bytes);
  return printed;
}

}  // namespace press
