// What arrives at a service is what the client wrote, or nothing arrives and the client learns where it went
// wrong.
#include "gateway/binder.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "echo.pb.h"
#include "gateway/transcode.h"

namespace gateway {
namespace {

class BinderTest : public testing::Test {
 protected:
  BinderTest() {
    auto catalog = Catalog::FromFiles({echo::v1::Note::descriptor()->file()});
    EXPECT_TRUE(catalog.ok()) << catalog.status();
    catalog_ = *std::move(catalog);
  }

  // The bound message in one line, or "status reason pointer".
  std::string Bind(const std::string& method, const std::string& path, const std::string& query = "",
                   const std::string& body = "", std::optional<std::string> key = std::nullopt,
                   std::optional<std::string> if_match = std::nullopt) {
    Catalog::Target target{};
    BindInput input;
    if (const auto problem = catalog_->Route(method, path, &target, &input.captures)) return Said(*problem);
    input.method = target.method;
    input.binding = target.binding;
    input.query = query;
    input.body = body;
    input.idempotency_key = key;
    input.if_match = if_match;
    std::unique_ptr<google::protobuf::Message> message;
    auto problem = gateway::Bind(*catalog_, input, &message);
    if (!problem) problem = CheckRules(*target.method, message.get());
    if (problem) return Said(*problem);
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    printer.SetUseUtf8StringEscaping(true);
    std::string text;
    printer.PrintToString(*message, &text);
    if (!text.empty()) text.pop_back();
    return text;
  }
  static std::string Said(const Problem& problem) {
    EXPECT_FALSE(problem.zh.empty());
    EXPECT_FALSE(problem.en.empty());
    std::string out = std::to_string(problem.status) + " " + problem.reason;
    for (const FieldError& error : problem.errors) out += " " + error.pointer + ":" + error.code;
    return out;
  }
  std::string Echo(const std::string& body) { return Bind("POST", "/v1/echo", "", body); }

  std::unique_ptr<Catalog> catalog_;
};

TEST_F(BinderTest, JoinsPathQueryAndBody) {
  EXPECT_EQ(Bind("GET", "/v1/notes/%E6%9E%AB", ""), "id: \"枫\"");
  EXPECT_EQ(Bind("GET", "/v1/areas/3714/notes/7"), "id: \"7\" area_code: \"3714\"");
  EXPECT_EQ(Bind("POST", "/v1/notes/7:close", "", R"({"reason":"done"})"), "id: \"7\" reason: \"done\"");
  EXPECT_EQ(Bind("GET", "/v1/notes", "page_size=5&window.fromMs=9&colour=RED&colour=2"),
            "page_size: 5 colour: RED colour: GREEN window { from_ms: 9 }");
  EXPECT_EQ(Bind("GET", "/v1/notes", "pageSize=5"), "page_size: 5");
  EXPECT_EQ(Bind("POST", "/v1/echo/deep/inner", "text=t", R"({"size":3})"),
            "text: \"t\" inner { name: \"deep\" size: 3 }");
  EXPECT_EQ(Bind("GET", "/v1/files/a/b%2Fc"), "text: \"a/b%2Fc\"");
  EXPECT_EQ(Bind("POST", "/v1/echo", "", ""), "");
}

TEST_F(BinderTest, KeepsSixtyFourBits) {
  EXPECT_EQ(Echo(R"({"big":"-9223372036854775808","huge":"18446744073709551615"})"),
            "big: -9223372036854775808 huge: 18446744073709551615");
  EXPECT_EQ(Echo(R"({"big":9223372036854775807})"), "big: 9223372036854775807");
  EXPECT_EQ(Bind("GET", "/v1/echo/x", "huge=18446744073709551615"), "text: \"x\" huge: 18446744073709551615");
  EXPECT_EQ(Echo(R"({"big":"9223372036854775808"})"), "400 INVALID_FIELD /big:OUT_OF_RANGE");
  EXPECT_EQ(Echo(R"({"small":2147483648})"), "400 INVALID_FIELD /small:OUT_OF_RANGE");
  EXPECT_EQ(Echo(R"({"small":1.5})"), "400 INVALID_FIELD /small:OUT_OF_RANGE");
  EXPECT_EQ(Echo(R"({"small":1e400})"), "400 INVALID_FIELD /small:OUT_OF_RANGE");
  EXPECT_EQ(Echo(R"({"real":1e400})"), "400 INVALID_FIELD /real:OUT_OF_RANGE");
}

TEST_F(BinderTest, RefusesAFieldGivenTwice) {
  EXPECT_EQ(Bind("POST", "/v1/notes/7:close", "", R"({"id":"8"})"), "400 INVALID_FIELD /id:GIVEN_TWICE");
  EXPECT_EQ(Bind("GET", "/v1/notes/7", "id=7"), "400 INVALID_FIELD /id:GIVEN_TWICE");
  EXPECT_EQ(Bind("GET", "/v1/notes", "page_size=1&pageSize=1"), "400 INVALID_FIELD /pageSize:GIVEN_TWICE");
  EXPECT_EQ(Echo(R"({"noteText":"a","note_text":"b"})"), "400 INVALID_FIELD /note_text:GIVEN_TWICE");
  EXPECT_EQ(Bind("POST", "/v1/echo/deep/inner", "", R"({"name":"x"})"),
            "400 INVALID_FIELD /inner/name:GIVEN_TWICE");
  EXPECT_EQ(Bind("GET", "/v1/echo/x", "left_side=a&rightSide=1"), "400 INVALID_FIELD /rightSide:GIVEN_TWICE");
  EXPECT_EQ(Echo(R"({"a":1,"a":2})"), "400 DUPLICATE_MEMBER /a:DUPLICATE_MEMBER");
}

TEST_F(BinderTest, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(Bind("GET", "/v1/notes", "nothing=1"), "400 UNKNOWN_PARAMETER");
  EXPECT_EQ(Bind("GET", "/v1/notes", "window=1"), "400 UNKNOWN_PARAMETER") << "a message is no parameter";
  EXPECT_EQ(Bind("GET", "/v1/echo/x", "count.a=1"), "400 UNKNOWN_PARAMETER") << "a map is no parameter";
  EXPECT_EQ(Bind("POST", "/v1/echo", "text=a", "{}"), "400 QUERY_NOT_ALLOWED");
  EXPECT_EQ(Bind("POST", "/v1/echo/deep/inner", "inner.size=1", "{}"), "400 UNKNOWN_PARAMETER");
  EXPECT_EQ(Bind("GET", "/v1/notes", "", "{}"), "400 BODY_NOT_ALLOWED");
  EXPECT_EQ(Echo(R"({"inner":{"inner":{"nmae":1}}})"), "400 INVALID_FIELD /inner/inner/nmae:UNKNOWN_FIELD");
  EXPECT_EQ(Echo(R"({"part":[{},{"x":1}]})"), "400 INVALID_FIELD /part/1/x:UNKNOWN_FIELD");
}

TEST_F(BinderTest, NamesEveryMemberOfTheWrongKindAtOnce) {
  EXPECT_EQ(
      Echo(R"({"text":5,"yes":"true","word":"x","inner":[],"colour":"BLUE","count":[1],"number":["a"]})"),
      "400 INVALID_FIELD /text:WRONG_TYPE /yes:WRONG_TYPE /word:WRONG_TYPE /inner:WRONG_TYPE "
      "/colour:UNKNOWN_VALUE /count:WRONG_TYPE /number/0:OUT_OF_RANGE");
  EXPECT_EQ(Echo(R"({"word":["a",null]})"), "400 INVALID_FIELD /word/1:WRONG_TYPE");
  EXPECT_EQ(Echo(R"({"colour":7})"), "400 INVALID_FIELD /colour:UNKNOWN_VALUE");
  EXPECT_EQ(Echo(R"({"at":"yesterday"})"), "400 INVALID_FIELD /at:WRONG_TYPE");
  EXPECT_EQ(Echo("[]"), "400 INVALID_FIELD :WRONG_TYPE");
  EXPECT_EQ(Echo("5"), "400 INVALID_FIELD :WRONG_TYPE");
  EXPECT_EQ(Echo("\"\""), "400 INVALID_FIELD :WRONG_TYPE");
  EXPECT_EQ(Bind("GET", "/v1/notes", "page_size=+5"), "400 INVALID_FIELD /pageSize:WRONG_TYPE");
  EXPECT_EQ(Bind("GET", "/v1/notes", "page_size="), "400 INVALID_FIELD /pageSize:WRONG_TYPE");
  EXPECT_EQ(Bind("GET", "/v1/echo/x", "real=nan"), "400 INVALID_FIELD /real:WRONG_TYPE");
  EXPECT_EQ(Bind("GET", "/v1/echo/x", "raw=!!"), "400 INVALID_FIELD /raw:WRONG_TYPE");
}

TEST_F(BinderTest, TakesEveryKindOfField) {
  EXPECT_EQ(Echo(R"({"real":-1.5,"yes":true,"raw":"AQI=","colour":"RED","word":["a","b"],"count":{"k":1},
                     "at":"2026-10-08T00:00:00Z","maybe":3,"leftSide":"l","part":[{"name":"p"}],"noteText":""})"),
            "real: -1.5 yes: true raw: \"\\001\\002\" colour: RED word: \"a\" word: \"b\" "
            "count { key: \"k\" value: 1 } at { seconds: 1791417600 } maybe { value: 3 } left_side: \"l\" "
            "part { name: \"p\" } note_text: \"\"");
  EXPECT_EQ(
      Bind("GET", "/v1/echo/x", "at=2026-10-08T00:00:00Z&yes=true&raw=AQI&real=0.5&maybe=4"),
      "text: \"x\" real: 0.5 yes: true raw: \"\\001\\002\" at { seconds: 1791417600 } maybe { value: 4 }");
}

TEST_F(BinderTest, AppliesTheRulesOfTheFields) {
  EXPECT_EQ(
      Bind("POST", "/v1/notes", "", R"({"line":[{"words":"一二三四五六"},{}]})"),
      "400 INVALID_FIELD /areaCode:REQUIRED /text:REQUIRED /line/0/words:TOO_LONG /line/1/words:REQUIRED");
  EXPECT_EQ(Bind("POST", "/v1/notes", "", R"({"areaCode":"3714","text":"路灯不亮了"})"),
            "area_code: \"3714\" text: \"路灯不亮了\"");
  EXPECT_EQ(Bind("POST", "/v1/notes", "", R"({"areaCode":"3714","text":"一"})"),
            "400 INVALID_FIELD /text:TOO_SHORT");
  EXPECT_EQ(Bind("PATCH", "/v1/notes/7", "expected_version=2", R"({"text":"ok","version":"99"})"),
            "id: \"7\" expected_version: 2 note { text: \"ok\" }")
      << "what only the service writes is taken out";
}

TEST_F(BinderTest, TakesTheRequestIdFromItsHeader) {
  const std::string path = "/v1/notes/7:close";
  EXPECT_EQ(Bind("POST", path, "", "{}", "\"a-1\""), "id: \"7\" request_id: \"a-1\"");
  EXPECT_EQ(Bind("POST", path, "", "{}", "a-1"), "id: \"7\" request_id: \"a-1\"")
      << "clients forget the quotes";
  EXPECT_EQ(Bind("POST", path, "", R"({"requestId":"a-1"})", "a-1"), "id: \"7\" request_id: \"a-1\"");
  EXPECT_EQ(Bind("POST", path, "", R"({"requestId":"b"})", "a-1"), "400 INVALID_FIELD /requestId:CONFLICT");
  EXPECT_EQ(Bind("POST", path, "", "{}", std::string(37, 'x')), "400 BAD_IDEMPOTENCY_KEY");
  EXPECT_EQ(Bind("POST", path, "", "{}", ""), "400 BAD_IDEMPOTENCY_KEY");
}

TEST_F(BinderTest, TakesTheExpectedVersionFromIfMatch) {
  const std::string path = "/v1/notes/7:close";
  EXPECT_EQ(Bind("POST", path, "", "{}", std::nullopt, "\"5\""), "id: \"7\" expected_version: 5");
  EXPECT_EQ(Bind("POST", path, "", "{}", std::nullopt, "\"5-1a2b\""), "id: \"7\" expected_version: 5");
  EXPECT_EQ(Bind("POST", path, "", "{}", std::nullopt, "*"), "id: \"7\"");
  EXPECT_EQ(Bind("POST", path, "", "{}", std::nullopt, "\"x\""), "400 BAD_IF_MATCH");
  EXPECT_EQ(Bind("POST", path, "", R"({"expectedVersion":"4"})", std::nullopt, "\"5\""),
            "400 INVALID_FIELD /expectedVersion:CONFLICT");
  EXPECT_EQ(Bind("PATCH", "/v1/notes/7", "", R"({"text":"ok"})"),
            "428 PRECONDITION_REQUIRED /expectedVersion:REQUIRED");
}

TEST(Pointer, FollowsTheNamesOfJson) {
  EXPECT_EQ(PointerOfFieldPath("party[1].real_name"), "/party/1/realName");
  EXPECT_EQ(PointerOfFieldPath("text"), "/text");
  EXPECT_EQ(PointerOfFieldPath(""), "");
}

}  // namespace
}  // namespace gateway
