#pragma once
// One printable paper, or a whole file of them: sections of HTML inside one page style. A4; margins 37, 26, 35, 28 mm;
// page numbers, the check code and its square on every page. Pure.
//
// The check code 校验码 is the SHA-256 of the sections as they stand before page numbers are known. The same facts give
// the same bytes and the same code, so that a paper in somebody's hand can be compared with the record.

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace press {

struct Section {
  std::string anchor;     // "f8": a-z, 0-9; where the contents point
  std::string html;
  bool plain = false;     // a cover: no page number
};

struct Paper {
  std::string title;      // "人民调解协议书"
  std::string number;     // "（2026）陵人调字第0123号", beside the page number; may be empty
  std::string body_class; // "form" (tables) or "letter"; a-z
  std::vector<Section> sections;
};

// SHA-256 in hex.
std::string CheckCode(const Paper& paper);
// The whole document. `code`: of the paper as it was before page numbers were put in.
std::string Typeset(const Paper& paper, std::string_view code);
// "9f2a 11bc 44de 0912": what people compare by eye.
std::string ShortCode(std::string_view code);

}  // namespace press
