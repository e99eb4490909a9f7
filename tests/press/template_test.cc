// Templates are strict: whatever somebody was called or said cannot become markup, and nothing stays empty unseen.
#include "services/press/template.h"

#include <gtest/gtest.h>

#include "services/press/limits.h"
#include "services/press/signer.h"

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

// Only the first of several paragraphs was indented, and a page never ended between them.
TEST(Template, EachLineOfATextIsAParagraph) {
  Values values;
  values.Text("facts", "一、甲\n\n二、<乙>\r\n三、丙").Text("none", "");
  EXPECT_EQ(Filled("<p class=\"text words\">{{facts}}</p><p>{{facts}}</p><p class=\"text\">{{none}}</p>", values),
            "<p class=\"text words\">一、甲</p>\n<p class=\"text words\">二、&lt;乙&gt;</p>\n"
            "<p class=\"text words\">三、丙</p><p>一、甲\n\n二、&lt;乙&gt;\r\n三、丙</p><p class=\"text\"></p>");
}

TEST(Template, SharedPiecesAreThereForEveryService) {
  const auto templates = Templates::Make({});
  ASSERT_TRUE(templates.ok()) << templates.status();
  EXPECT_TRUE(templates->Has("sign"));
  Values values;
  AddSigner({.role = "当事人", .name = "𠮷野", .finger = true}, &values);
  const auto html = templates->Fill("sign", values);
  ASSERT_TRUE(html.ok()) << html.status();
  EXPECT_NE(html->find("𠮷野"), std::string::npos);
  EXPECT_NE(html->find("指印"), std::string::npos);
}

// The square for a finger stood beside the name of a company, which puts its seal.
TEST(Template, AnOrganisationPutsItsSeal) {
  const auto templates = Templates::Make({});
  ASSERT_TRUE(templates.ok()) << templates.status();
  Values values;
  AddSigner({.role = "乙方", .name = "某公司", .finger = true, .stamp = true, .by = "法定代表人签名："}, &values);
  const auto html = templates->Fill("sign", values);
  ASSERT_TRUE(html.ok()) << html.status();
  EXPECT_NE(html->find("乙方（盖章）"), std::string::npos) << *html;
  EXPECT_NE(html->find("法定代表人签名："), std::string::npos) << *html;
  EXPECT_EQ(html->find("指印"), std::string::npos) << *html;
}

}  // namespace
}  // namespace press
