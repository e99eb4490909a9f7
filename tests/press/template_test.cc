// Templates are strict: whatever somebody was called or said cannot become markup, and nothing stays empty unseen.
#include "services/press/template.h"

#include <gtest/gtest.h>

#include "services/press/limits.h"

namespace press {
namespace {

std::string Filled(std::string_view text, const Values& values) {
  Templates templates;
  EXPECT_TRUE(templates.Read({"t", text}).ok()) << text;
  auto html = templates.Fill("t", values);
  return html.ok() ? *html : html.status().ToString();
}

TEST(Template, EscapesEveryValue) {
  Values values;
  values.Text("name", "<script>alert(1)</script>&\"'");
  EXPECT_EQ(Filled("<p>{{name}}</p>", values),
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&apos;</p>");
}

TEST(Template, AValueIsNeverReadAsATemplate) {
  Values values;
  values.Text("name", "{{secret}} {{{x}}}").Text("secret", "no");
  EXPECT_EQ(Filled("{{name}}", values), "{{secret}} {{{x}}}");
}

TEST(Template, RowsFlagsAndWhatIsAround) {
  Values values;
  values.Text("file", "1号").List("none").Flag("oral", false);
  values.Row("people").Text("name", "甲");
  values.Row("people").Text("name", "乙");
  EXPECT_EQ(Filled("{{#people}}{{name}}在{{file}};{{/people}}{{^none}}无{{/none}}{{#oral}}口头{{/oral}}", values),
            "甲在1号;乙在1号;无");
  values.Text("remark", "");
  EXPECT_EQ(Filled("{{#has_file}}有{{/has_file}}{{#has_remark}}备注{{/has_remark}}", values), "有");
}

TEST(Template, ANameNobodyFilledIsAnError) {
  Values values;
  values.Row("people").Text("name", "甲");
  EXPECT_NE(Filled("{{nmae}}", values).find("nmae"), std::string::npos);
  EXPECT_NE(Filled("{{#people}}{{age}}{{/people}}", values).find("age"), std::string::npos);
  EXPECT_NE(Filled("{{> nothing}}", values).find("nothing"), std::string::npos);
  EXPECT_FALSE(Templates().Fill("t", values).ok());
}

TEST(Template, WhatWouldNotBeEscapedIsRefused) {
  for (const char* text : {"{{{name}}}", "{{&name}}", "{{ & name}}", "{{=<% %>=}}", "<p class=\"{{name}}\">",
                           "<a href='{{name}}'>", "<script>1</script>", "<style>{{name}}</style>", "{{#a}}", "{{/a}}",
                           "{{name", "<a href=\"javascript:1\">"}) {
    EXPECT_FALSE(Templates().Read({"t", text}).ok()) << text;
  }
  EXPECT_FALSE(Templates().Read({"t", std::string(kTemplateBytesMax + 1, ' ')}).ok());
}

TEST(Template, SharedPiecesAreThereForEveryService) {
  const auto templates = Templates::Make({});
  ASSERT_TRUE(templates.ok()) << templates.status();
  EXPECT_TRUE(templates->Has("sign"));
  Values values;
  values.Row("signers").Text("role", "当事人").Text("name", "𠮷野").Flag("finger", true).Text("date", "");
  const auto html = templates->Fill("sign", values);
  ASSERT_TRUE(html.ok()) << html.status();
  EXPECT_NE(html->find("𠮷野"), std::string::npos);
  EXPECT_NE(html->find("指印"), std::string::npos);
}

}  // namespace
}  // namespace press
