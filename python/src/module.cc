// SPDX-FileCopyrightText: 2026 The Tradewind Authors
// SPDX-License-Identifier: Apache-2.0
// The module tradewind._core: subjects, searches, the store. Its users are the files of python/tradewind; python/tradewind/_core.pyi says
// what it has.
#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "base/version.h"
#include "errors.h"
#include "recorded/library.h"
#include "search.h"
#include "search/strategies.h"
#include "store.h"
#include "subject.h"
#include "synthetic/closed_form.h"

namespace nb = nanobind;
using namespace nb::literals;  // NOLINT(google-build-using-namespace): "name"_a

namespace tradewind::python {
namespace {

void DefineSubject(nb::module_& m) {
  nb::class_<Subject>(m, "Subject")
      .def_static("of_function", &Subject::OfFunction, "name"_a, "version"_a, "device"_a)
      .def_static(
          "of_table",
          [](const std::string& name, const std::string& device, const std::string& workload, const std::string& data) {
            return Unlocked([&] { return Subject::OfTable(name, device, workload, data); });
          },
          "name"_a, "device"_a, "workload"_a, "data"_a)
      .def_static(
          "of_formula", [](const std::string& name) { return OrThrow(Subject::OfFormula(name)); }, "name"_a)
      .def("add_integers", &Subject::AddIntegers, "knob"_a, "values"_a, "default"_a.none())
      .def("add_range", &Subject::AddRange, "knob"_a, "low"_a, "high"_a, "logarithmic"_a, "default"_a.none())
      .def("add_choices", &Subject::AddChoices, "knob"_a, "values"_a, "ordered"_a, "default"_a.none())
      .def("set_condition", &Subject::SetCondition, "on"_a, "values"_a)
      .def("add_metric", &Subject::AddMetric, "name"_a, "unit"_a, "higher"_a, "definition"_a, "axis"_a)
      .def_prop_ro("name", [](Subject& s) { return std::string(s.tunable().name()); })
      .def_prop_ro("device", [](Subject& s) { return s.tunable().device().id; })
      .def_prop_ro("fidelity", [](Subject& s) { return s.fidelity(); })
      .def_prop_ro("knobs",
                   [](Subject& s) {
                     nb::dict out;
                     for (const Knob& knob : s.tunable().knobs()) out[nb::str(knob.name.c_str())] = knob.DomainText();
                     return out;
                   })
      .def_prop_ro("metrics", [](Subject& s) {
        nb::dict out;
        for (const MetricInfo& metric : s.tunable().metrics()) {
          out[nb::str(metric.name.c_str())] = metric.direction == Direction::kHigherIsBetter ? "higher" : "lower";
        }
        return out;
      });
}

void DefineSearch(nb::module_& m) {
  nb::class_<Request>(m, "Request")
      .def(nb::init<>())
      .def_rw("store", &Request::store)
      .def_rw("strategy", &Request::strategy)
      .def_rw("parameters", &Request::parameters)
      .def_rw("seed", &Request::seed)
      .def_rw("trials", &Request::trials, nb::arg().none())
      .def_rw("parallel", &Request::parallel)
      .def_rw("constraints", &Request::constraints)
      .def_rw("axes", &Request::axes)
      .def_rw("reference", &Request::reference)
      .def_rw("fidelity", &Request::fidelity)
      .def_rw("time_s", &Request::time_s, nb::arg().none());
  m.def("search", &Search, "subject"_a, "request"_a, "begin"_a.none(), "ask"_a.none(), "progress"_a.none());
  m.def("known", &Known, "subject"_a, "request"_a);
  m.def("lookup", &Lookup, "subject"_a, "setting"_a);
  m.def("strategies", [] {
    nb::dict out;
    for (const auto& [name, info] : Strategies().All()) out[nb::str(name.c_str())] = info.summary;
    return out;
  });
}

}  // namespace
}  // namespace tradewind::python

NB_MODULE(_core, m) {
  nb::set_leak_warnings(false);  // what a raised exception holds may outlive the module
  tradewind::python::RegisterErrors();
  tradewind::python::DefineSubject(m);
  tradewind::python::DefineSearch(m);
  tradewind::python::DefineStore(m);
  m.def("build_id", &tradewind::BuildId);
  m.def("table_names", &tradewind::RecordedNames);
  m.def("formula_names", &tradewind::ClosedFormNames);
}
