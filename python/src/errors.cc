// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
#include "errors.h"

namespace nb = nanobind;

namespace tradewind::python {

void RegisterErrors() {
  nb::register_exception_translator([](const std::exception_ptr& thrown, void*) {
    try {
      std::rethrow_exception(thrown);
    } catch (const StatusError& error) {
      const Status& status = error.status();
      std::string where = status.where();
      where.erase(0, where.find_first_not_of('-'));  // what is an option on the command line is an argument here
      std::string text = status.message();
      if (!where.empty()) text += " (at " + where + ")";
      const std::string_view code = StatusCodeName(status.code());
      const nb::object raised =
          nb::module_::import_("tradewind.errors").attr("from_status")(nb::str(code.data(), code.size()), nb::str(text.c_str()));
      PyErr_SetObject(raised.type().ptr(), raised.ptr());
    }
  });
}

}  // namespace tradewind::python
