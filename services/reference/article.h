#pragma once
// The ground of a period in English. Policy names it in Chinese, as the law does ("人民调解法第三十三条"); a sentence
// in English names the same provision. What cannot be translated whole stays as it is: a wrong citation is worse than a
// Chinese one. Pure.

#include <string>
#include <string_view>

namespace reference {

// "platform default"; "People's Mediation Law, art. 33; Civil Procedure Law, art. 205".
std::string ArticleEn(std::string_view article);

}  // namespace reference
