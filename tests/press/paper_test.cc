// The page every paper stands on: its code, its edges, what it forbids.
#include "services/press/paper.h"

#include <gtest/gtest.h>

#include <string>

namespace press {
namespace {

Paper APaper() { return {"人民调解协议书", "（2026）陵人调字第0123号", "letter", {{"f8", "<p>甲</p>", false}}}; }

TEST(Paper, TheSameFactsHaveTheSameCodeAndBytes) {
  EXPECT_EQ(CheckCode(APaper()), CheckCode(APaper()));
  EXPECT_EQ(CheckCode(APaper()).size(), 64u);
  const std::string code = CheckCode(APaper());
  EXPECT_EQ(Typeset(APaper(), code), Typeset(APaper(), code));
  Paper other = APaper();
  other.sections[0].html = "<p>乙</p>";
  EXPECT_NE(CheckCode(other), code);
  other = APaper();
  other.number = "（2026）陵人调字第0124号";
  EXPECT_NE(CheckCode(other), code);
}

TEST(Paper, StandsOnAFourWithPageNumbersAndItsCode) {
  const std::string code = CheckCode(APaper());
  const std::string html = Typeset(APaper(), code);
  for (const std::string& part :
       {std::string("size: A4; margin: 37mm 26mm 35mm 28mm"),
        std::string("\"第 \" counter(page) \" 页 共 \" counter(pages) \" 页\""), "校验码 " + ShortCode(code),
        std::string("data:image/svg+xml;base64,"), std::string("default-src 'none'"), code}) {
    EXPECT_NE(html.find(part), std::string::npos) << part;
  }
  EXPECT_EQ(ShortCode("0123456789abcdef0123"), "0123 4567 89ab cdef");
}

// Whoever scans a page learns which paper it is and of which matter, on every page and on the contents of a file.
TEST(Paper, HasASquareOfItsCodeAndItsNumber) {
  const auto square = [](const Paper& paper, const std::string& code) {
    const std::string html = Typeset(paper, code), begin = "@top-right{content:url(\"data:image/svg+xml;base64,";
    const size_t at = html.find(begin);
    EXPECT_NE(at, std::string::npos);
    return at == std::string::npos ? "" : html.substr(at, html.find('"', at + begin.size()) - at);
  };
  const std::string code = CheckCode(APaper());
  Paper other = APaper();
  other.number = "（2026）陵人调字第0124号";
  EXPECT_EQ(square(APaper(), code), square(APaper(), code));
  EXPECT_NE(square(other, code), square(APaper(), code)) << "of another matter";
  EXPECT_NE(square(APaper(), std::string(64, 'a')), square(APaper(), code)) << "of other words";
  other.number = std::string(300, '9');  // what does not fit is left to the page
  Paper none = APaper();
  none.number = "";
  EXPECT_EQ(square(other, code), square(none, code));
}

TEST(Paper, ItsNumberAndTitleCannotLeaveTheirPlaces) {
  Paper paper = APaper();
  paper.title = "</title><script>";
  paper.number = "\"}}</style><script>\\";
  const std::string html = Typeset(paper, CheckCode(paper));
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_EQ(html.find("</style><"), std::string::npos);
}

}  // namespace
}  // namespace press
