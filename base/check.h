#pragma once
// CHECK: we are wrong. Prints file, line, condition and what was streamed to it, then aborts; on in release
// builds too. For our own mistakes only: bad input is a Refusal or a Status, never a CHECK. Any thread.
//
//   CHECK(ready) << "cannot serve before replay";
//   CHECK_EQ(a, b);                       prints both values

#include <functional>
#include <sstream>
#include <string>

namespace base::check_internal {

// Collects the message; its destructor prints and aborts.
class Failure {
 public:
  Failure(const char* file, int line, const char* condition);
  [[noreturn]] ~Failure();
  Failure(const Failure&) = delete;
  Failure& operator=(const Failure&) = delete;
  std::ostream& stream() { return stream_; }

 private:
  std::ostringstream stream_;
};

// Gives both arms of ?: the type void; & binds weaker than << and stronger than ?:.
struct Void {
  void operator&(std::ostream&) {}
};

template <class T>
void Print(std::ostream& out, const T& value) {
  if constexpr (requires { out << value; }) {
    out << value;
  } else {
    out << "(" << sizeof(T) << " bytes)";
  }
}

// Values of one comparison; true if it holds, so that each side is evaluated once.
template <class A, class B, class Compare>
bool Holds(const A& a, const B& b, Compare compare, std::string* values) {
  if (compare(a, b)) [[likely]]
    return true;
  std::ostringstream out;
  out << "(";
  Print(out, a);
  out << " vs ";
  Print(out, b);
  out << ") ";
  *values = out.str();
  return false;
}

}  // namespace base::check_internal

#define CHECK(condition)                         \
  (condition) ? (void)0                          \
              : ::base::check_internal::Void() & \
                    ::base::check_internal::Failure(__FILE__, __LINE__, #condition).stream()

#define BASE_CHECK_OP(compare, op, a, b)                                                \
  for (std::string base_check_values;                                                   \
       !::base::check_internal::Holds((a), (b), std::compare<>(), &base_check_values);) \
  ::base::check_internal::Failure(__FILE__, __LINE__, #a " " #op " " #b).stream() << base_check_values

#define CHECK_EQ(a, b) BASE_CHECK_OP(equal_to, ==, a, b)
#define CHECK_NE(a, b) BASE_CHECK_OP(not_equal_to, !=, a, b)
#define CHECK_LT(a, b) BASE_CHECK_OP(less, <, a, b)
#define CHECK_LE(a, b) BASE_CHECK_OP(less_equal, <=, a, b)
#define CHECK_GT(a, b) BASE_CHECK_OP(greater, >, a, b)
#define CHECK_GE(a, b) BASE_CHECK_OP(greater_equal, >=, a, b)

// For checks too dear for a release build: compiled always, evaluated only without NDEBUG.
#ifdef NDEBUG
#define DCHECK(condition) \
  while (false) CHECK(condition)
#else
#define DCHECK(condition) CHECK(condition)
#endif
