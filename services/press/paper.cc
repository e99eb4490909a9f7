#include "services/press/paper.h"

#include <absl/strings/str_cat.h>
#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "base/check.h"
#include "base/crypto.h"
#include "services/press/limits.h"
#include "services/press/press_pages.h"
#include "services/press/template.h"

namespace press {
namespace {

std::string StyleText() {
  const auto* style = std::ranges::find(pages::kPages, "style", &Source::name);
  CHECK(style != std::end(pages::kPages));
  return std::string(style->text);
}

bool IsPlainName(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

// A square code as an SVG picture inside a CSS url(): only digits, letters and the signs of a path.
std::string QrPicture(std::string_view text) {
  CHECK(text.size() <= kQrBytesMax);
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeString8bit(std::string(text).c_str(), 0, QR_ECLEVEL_M), QRcode_free);
  CHECK(code != nullptr);
  std::string path;
  for (int y = 0; y < code->width; ++y) {
    for (int x = 0; x < code->width; ++x) {
      if ((code->data[y * code->width + x] & 1) != 0) absl::StrAppend(&path, "M", x, " ", y, "h1v1h-1z");
    }
  }
  const std::string svg = absl::StrCat("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 ", code->width, " ",
                                       code->width, "' width='60' height='60'><path d='", path, "'/></svg>");
  return absl::StrCat("data:image/svg+xml;base64,", base::Base64(svg));
}

// Which paper it is and whose: the code alone finds no record. A number that would not fit stands on the page anyway.
std::string SquareText(const Paper& paper, std::string_view code) {
  std::string text = absl::StrCat("fengqiao:paper:", std::string(code));
  const bool fits = text.size() + 1 + paper.number.size() <= kQrBytesMax;
  if (!paper.number.empty() && fits) absl::StrAppend(&text, ":", paper.number);
  return text;
}

// A text inside a CSS string: everything but letters and digits by its number.
std::string CssText(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const bool bare = static_cast<unsigned char>(c) >= 0x80 || c == ' ' || (c >= '0' && c <= '9') ||
                      (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    bare ? out.push_back(c) : absl::StrAppend(&out, "\\", absl::Hex(static_cast<unsigned char>(c), absl::kZeroPad6));
  }
  return out + "\"";
}

}  // namespace

std::string CheckCode(const Paper& paper) {
  std::string all = absl::StrCat(paper.title, "\n", paper.number, "\n");
  for (const Section& section : paper.sections) absl::StrAppend(&all, section.anchor, "\n", section.html, "\n");
  return base::Hex(base::Sha256(all));
}

std::string ShortCode(std::string_view code) {
  std::string out;
  for (size_t i = 0; i < 16 && i + 4 <= code.size(); i += 4) {
    absl::StrAppend(&out, out.empty() ? "" : " ", std::string(code.substr(i, 4)));
  }
  return out;
}

std::string Typeset(const Paper& paper, std::string_view code) {
  CHECK(IsPlainName(code) && IsPlainName(paper.body_class));
  const std::string picture = QrPicture(SquareText(paper, code));
  const std::string running = absl::StrCat(
      "@page{@top-right{content:url(\"", picture, "\")}@bottom-left{content:\"校验码 ", ShortCode(code),
      "\"}@bottom-right{content:", CssText(paper.number), "}}");
  std::string html = absl::StrCat(
      "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; "
      "img-src data:\">\n<title>",
      EscapeHtml(paper.title), "</title>\n<meta name=\"check-code\" content=\"", std::string(code), "\">\n<style>\n",
      StyleText(), running, "\n</style>\n</head>\n<body class=\"", paper.body_class, "\">\n");
  // Links nobody sees: with them the printed file says on which page each section begins.
  if (paper.sections.size() > 1) {
    html += "<div class=\"marks\" aria-hidden=\"true\">";
    for (const Section& section : paper.sections) {
      CHECK(IsPlainName(section.anchor)) << section.anchor;
      absl::StrAppend(&html, "<a href=\"#", section.anchor, "\">.</a>");
    }
    html += "</div>\n";
  }
  for (const Section& section : paper.sections) {
    absl::StrAppend(&html, "<section id=\"", section.anchor, "\"", section.plain ? " class=\"plain\"" : "", ">\n",
                    section.html, "</section>\n");
  }
  absl::StrAppend(&html, "<p class=\"screen-code\">校验码 ", std::string(code), "</p>\n</body>\n</html>\n");
  return html;
}

}  // namespace press
