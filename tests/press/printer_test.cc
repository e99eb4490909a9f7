// Printing by the real browser, and what happens when there is none, when it hangs, fails, or writes too much.
#include "services/press/printer.h"

#include <gtest/gtest.h>
#include <qpdf/qpdf-c.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "services/press/paper.h"
#include "services/press/pdf.h"
#include "services/press/signer.h"
#include "services/press/template.h"

namespace press {
namespace {

namespace fs = std::filesystem;

class PrinterTest : public ::testing::Test {
 protected:
  PrinterTest() {
    std::string folder = (fs::temp_directory_path() / "printer-test-XXXXXX").string();
    folder_ = ::mkdtemp(folder.data());
    fs::create_directory(folder_ + "/work");
  }
  ~PrinterTest() override { fs::remove_all(folder_); }
  // A browser that does what `script` says; $out is where the PDF belongs.
  Printer::Options Browser(const std::string& script) const {
    const std::string path = folder_ + "/browser";
    std::ofstream(path) << "#!/bin/sh\nfor a in \"$@\"; do case $a in --print-to-pdf=*) out=${a#*=};; esac; done\n"
                        << script;
    ::chmod(path.c_str(), 0755);
    Printer::Options options;
    options.browser = path;
    options.folder = folder_ + "/work";
    return options;
  }
  bool NothingLeft() const { return fs::is_empty(folder_ + "/work"); }
  std::string folder_;
};

Paper TwoSections() {
  return {"卷宗", "（2026）陵人调字第0001号", "form",
          {{"a", "<h1>一 𠮷 䶮 㛃</h1>", true}, {"b", "<p>二</p>", false}, {"c", "<p>三</p>", false}}};
}

TEST_F(PrinterTest, TheRealBrowserPrintsAFileWhosePagesAreKnown) {
  Printer::Options options;
  options.folder = folder_ + "/work";
  Printer printer(options);
  const Paper paper = TwoSections();
  const std::string code = CheckCode(paper);
  const auto raw = printer.Print(Typeset(paper, code));
  ASSERT_TRUE(raw.ok()) << raw.status() << " (Debian package chromium)";
  const auto pdf = FinishPdf(*raw, paper.title, code);
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  EXPECT_EQ(pdf->pages, 3);
  EXPECT_EQ(pdf->page_of, (std::map<std::string, int>{{"a", 1}, {"b", 2}, {"c", 3}}));
  qpdf_data read = qpdf_init();
  ASSERT_EQ(qpdf_read_memory(read, "paper", pdf->bytes.data(), pdf->bytes.size(), nullptr), QPDF_SUCCESS);
  auto info = [&](const char* key) {
    const char* value = qpdf_get_info_key(read, key);
    return std::string(value == nullptr ? "none" : value);
  };
  EXPECT_EQ(info("/Keywords"), "sha256:" + code);
  EXPECT_EQ(info("/Title"), "\xFE\xFFSw[\x97");  // "卷宗" in UTF-16
  EXPECT_EQ(info("/CreationDate"), "none");
  const qpdf_oh box = qpdf_oh_get_key(read, qpdf_get_page_n(read, 0), "/MediaBox");
  EXPECT_NEAR(qpdf_oh_get_numeric_value(read, qpdf_oh_get_array_item(read, box, 2)), 595, 1);  // A4
  EXPECT_NEAR(qpdf_oh_get_numeric_value(read, qpdf_oh_get_array_item(read, box, 3)), 842, 1);
  qpdf_cleanup(&read);
  EXPECT_TRUE(NothingLeft());
}

// What the fonts of the first page draw, of those whose name has `font` in it: their maps from glyphs to Unicode, in
// UTF-16. A character that no font has is drawn by glyph 0, which is a box and stands in no map.
std::string DrawnBy(std::string_view font, const std::string& bytes) {
  qpdf_data pdf = qpdf_init();
  EXPECT_EQ(qpdf_read_memory(pdf, "paper", bytes.data(), bytes.size(), nullptr), QPDF_SUCCESS);
  const qpdf_oh fonts = qpdf_oh_get_key(pdf, qpdf_oh_get_key(pdf, qpdf_get_page_n(pdf, 0), "/Resources"), "/Font");
  std::string maps;
  qpdf_oh_begin_dict_key_iter(pdf, fonts);
  while (qpdf_oh_dict_more_keys(pdf)) {
    const std::string key = qpdf_oh_dict_next_key(pdf);
    const qpdf_oh one = qpdf_oh_get_key(pdf, fonts, key.c_str());
    const qpdf_oh named = qpdf_oh_get_key(pdf, one, "/BaseFont");  // outlines (Type 3) have none
    const std::string name = qpdf_oh_is_name(pdf, named) ? qpdf_oh_get_name(pdf, named) : "";
    const qpdf_oh map = qpdf_oh_get_key(pdf, one, "/ToUnicode");
    if (name.find(font) == std::string::npos || !qpdf_oh_is_stream(pdf, map)) continue;
    QPDF_BOOL filtered = QPDF_FALSE;
    unsigned char* text = nullptr;
    size_t length = 0;
    EXPECT_EQ(qpdf_oh_get_stream_data(pdf, map, qpdf_dl_generalized, &filtered, &text, &length), QPDF_SUCCESS);
    maps.append(reinterpret_cast<const char*>(text), length);
    std::free(text);
  }
  qpdf_cleanup(&pdf);
  return maps;
}

// Names are written with characters of the extensions B to E, of which the Noto fonts have some: the others were boxes
// on papers that their bearers sign.
TEST_F(PrinterTest, RareCharactersOfNamesAreNoBoxes) {
  Printer::Options options;
  options.folder = folder_ + "/work";
  Printer printer(options);
  const Paper paper = {"协议", "1号", "form", {{"a", "<p>𠮷𬭎㛃䶮𣲗 𪚥𫠠𫠝 &#x3FFFD;</p>", false}}};
  const auto raw = printer.Print(Typeset(paper, CheckCode(paper)));
  ASSERT_TRUE(raw.ok()) << raw.status();
  const std::string all = DrawnBy("", *raw), rare = DrawnBy("HanaMin", *raw);
  for (const char* drawn : {"<D842DFB7>", "<D872DF4E>", "<36C3>", "<4DAE>", "<D84FDC97>"}) {
    EXPECT_NE(all.find(drawn), std::string::npos) << drawn;
    EXPECT_EQ(rare.find(drawn), std::string::npos) << drawn << " is drawn by the font of its neighbours";
  }
  for (const char* drawn : {"<D869DEA5>", "<D86EDC20>", "<D86EDC1D>"}) {
    EXPECT_NE(rare.find(drawn), std::string::npos) << drawn << " (Debian package fonts-hanazono)";
  }
  EXPECT_EQ(all.find("<D8BFDFFD>"), std::string::npos) << "what no font has is a box, and that would be seen here";
}

// Most of a page of text; then who signs with a square for the print each, the mediator and the recorder, and the seal.
Paper SignedBy(int fingers, std::string_view name = "许某") {
  Values values;
  for (int i = 0; i < fingers; ++i) AddSigner({.role = "当事人", .name = name, .finger = true}, &values);
  AddSigner({.role = "人民调解员", .name = "李调解"}, &values);
  AddSigner({.role = "记录人"}, &values);
  std::string sign = *Templates::Make({})->Fill("sign", values);
  const std::string signer = "<div class=\"signer\"";
  sign.insert(sign.rfind(signer) + signer.size(), " id=\"last\"");
  sign.insert(sign.find(signer) + signer.size(), " id=\"first\"");
  std::string html = "<p>";
  for (const char* place : {"words", "first", "last", "seal"}) html += std::string("<a href=\"#") + place + "\">.</a>";
  html += "</p>";
  for (int line = 0; line < 18; ++line) html += "<p class=\"in\">约定履行。</p>";
  html += "<p class=\"in\" id=\"words\">共同向人民法院申请司法确认。</p><div class=\"end\"><div class=\"whole\">" + sign +
          "<p class=\"seal\" id=\"seal\">某调委会（印章）<br>2026年11月25日</p></div></div>";
  return {"协议", "1号", "form", {{"a", html, false}}};
}

// An agreement of six had its seal alone on a page, and one of eight half of those who sign: such a page can be put
// behind any agreement. More than twelve fill more than a page; then the last of them go with the seal.
TEST_F(PrinterTest, WhoSignsStandsTogetherWithWordsAndSeal) {
  Printer::Options options;
  options.folder = folder_ + "/work";
  Printer printer(options);
  for (const int fingers : {2, 9, 15}) {
    const auto raw = printer.Print(Typeset(SignedBy(fingers), std::string(64, 'a')));
    ASSERT_TRUE(raw.ok()) << raw.status();
    const auto pdf = FinishPdf(*raw, "协议", std::string(64, 'a'));
    ASSERT_TRUE(pdf.ok()) << pdf.status();
    for (const char* place : {"words", "first", "last", "seal"}) {
      ASSERT_TRUE(pdf->page_of.contains(place)) << place << fingers;
    }
    EXPECT_EQ(pdf->page_of.at("seal"), pdf->page_of.at("last")) << fingers;
    if (fingers > 10) continue;
    EXPECT_EQ(pdf->page_of.at("first"), pdf->page_of.at("last")) << fingers;
    EXPECT_EQ(pdf->page_of.at("words"), pdf->page_of.at("first")) << fingers;
    EXPECT_EQ(pdf->pages, 2) << fingers;
  }
}

// Who signs with the longest names fills more than a page: the next paper began under their signatures.
TEST_F(PrinterTest, APaperBeginsOnAPageOfItsOwn) {
  Printer::Options options;
  options.folder = folder_ + "/work";
  Printer printer(options);
  std::string longest;
  for (int i = 0; i < 60; ++i) longest += "𠮷";
  Paper paper = SignedBy(9, longest);
  paper.sections.push_back({"b", "<h1>又一份</h1>", false});
  const auto raw = printer.Print(Typeset(paper, std::string(64, 'a')));
  ASSERT_TRUE(raw.ok()) << raw.status();
  const auto pdf = FinishPdf(*raw, "协议", std::string(64, 'a'));
  ASSERT_TRUE(pdf.ok()) << pdf.status();
  EXPECT_GT(pdf->page_of.at("last"), pdf->page_of.at("first"));
  EXPECT_EQ(pdf->page_of.at("seal"), pdf->page_of.at("last"));
  EXPECT_EQ(pdf->page_of.at("b"), pdf->page_of.at("last") + 1);
}

TEST_F(PrinterTest, WithoutABrowserItSaysSo) {
  Printer::Options options;
  options.browser = folder_ + "/none";
  options.folder = folder_ + "/work";
  EXPECT_TRUE(absl::IsUnavailable(Printer(options).Print("x").status()));
  EXPECT_TRUE(NothingLeft());
}

TEST_F(PrinterTest, ABrowserThatHangsIsStopped) {
  auto options = Browser("exec sleep 600\n");
  options.timeout_ms = 200;
  EXPECT_TRUE(absl::IsDeadlineExceeded(Printer(options).Print("x").status()));
  EXPECT_TRUE(NothingLeft());
}

TEST_F(PrinterTest, AFailureOfTheBrowserIsAFailure) {
  EXPECT_TRUE(absl::IsInternal(Printer(Browser("exit 3\n")).Print("x").status()));
  EXPECT_TRUE(absl::IsInternal(Printer(Browser("exit 0\n")).Print("x").status()));
  EXPECT_TRUE(absl::IsInternal(Printer(Browser("echo no pdf > \"$out\"\n")).Print("x").status()));
  EXPECT_TRUE(absl::IsDataLoss(FinishPdf("%PDF-1.7 broken", "x", "00").status()));
  EXPECT_TRUE(NothingLeft());
}

TEST_F(PrinterTest, ABrowserThatWritesWithoutEndIsStopped) {
  auto options = Browser("exec head -c 3000000 /dev/zero > \"$out\"\n");
  options.pdf_bytes_max = 1'000'000;
  EXPECT_TRUE(absl::IsInternal(Printer(options).Print("x").status()));
  options.file_bytes_max = 1'000'000;
  EXPECT_TRUE(absl::IsInternal(Printer(options).Print("x").status()));
  EXPECT_TRUE(NothingLeft());
}

TEST_F(PrinterTest, WhoComesWhenTooManyWaitIsToldSo) {
  const std::string gate = folder_ + "/gate", begun = folder_ + "/begun";
  ASSERT_EQ(::mkfifo(gate.c_str(), 0600), 0);
  ASSERT_EQ(::mkfifo(begun.c_str(), 0600), 0);
  auto options = Browser("echo > " + begun + "\nread x < " + gate + "\necho %PDF- > \"$out\"\n");
  options.queue_max = 0;
  Printer printer(options);
  std::jthread first([&] { EXPECT_TRUE(printer.Print("x").ok()); });
  std::string line;
  std::getline(std::ifstream(begun), line);  // it is being printed now
  EXPECT_TRUE(absl::IsResourceExhausted(printer.Print("x").status()));
  std::ofstream(gate) << "go\n";
}

}  // namespace
}  // namespace press
