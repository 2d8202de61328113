#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Tradewind Authors
# SPDX-License-Identifier: Apache-2.0
"""Schemas with texts that they allow and forbid, judged by the PyPI package jsonschema (pip install "jsonschema[format]").

  make_schema_golden.py > data/schema_golden.json     writes the cases of the test
  make_schema_golden.py --judge DRAWN                  judges texts that the test drew (TRADEWIND_DRAWN=FILE)
"""
import json
import sys

import jsonschema

# Schema; texts that the grammar must take; texts that it must not. jsonschema has to agree with each.
CASES = [
    ({"type": "null"}, ["null"], ["nul", "0", '""']),
    ({"type": "boolean"}, ["true", "false"], ["null", '"true"']),
    ({"type": ["string", "null"]}, ["null", '"a"'], ["1", "[]"]),
    ({"type": "integer"}, ["0", "-7", "123456789012345"], ["1.5", '"1"', "1e-1"]),
    ({"type": "number"}, ["0", "-7.25", "1e10", "2.5E-3"], ['"1"', "null"]),
    ({"type": "integer", "minimum": 3, "maximum": 120}, ["3", "9", "10", "99", "100", "120"], ["2", "121", "1000", "-3", "3.5"]),
    ({"type": "integer", "exclusiveMinimum": -12, "exclusiveMaximum": 5}, ["-11", "-1", "0", "4"], ["-12", "5", "-13", "10"]),
    ({"type": "integer", "minimum": 1.5}, ["2", "10", "99999"], ["1", "0", "-2"]),
    ({"type": "integer", "maximum": -100}, ["-100", "-101", "-1000"], ["-99", "0", "100"]),
    ({"type": "number", "minimum": 0.5, "maximum": 2.25}, ["0.50", "1", "2", "2.25", "0.99"], ["0.49", "2.26", "3", "-1.00", "0"]),
    ({"type": "number", "exclusiveMinimum": 0, "maximum": 1}, ["0.01", "1", "1.00"], ["0", "0.00", "1.01"]),
    ({"type": "number", "minimum": -1.125}, ["-1.125", "-1", "0", "7.000"], ["-1.126", "-2"]),
    ({"type": "string"}, ['""', '"a\\n\\u00e9"', '"\u00e9\U0001F600"'], ['"', "a", "1"]),
    ({"type": "string", "minLength": 2, "maxLength": 3}, ['"ab"', '"a\\n"', '"\u00e9\u00e9\u00e9"'], ['"a"', '"abcd"', '""']),
    ({"type": "string", "minLength": 1}, ['"a"', '"abc"'], ['""']),
    ({"type": "string", "pattern": "^[A-Z]{2}-\\d+$"}, ['"AB-1"', '"XY-1234"'], ['"A-1"', '"AB-"', '"xAB-1"', '"AB-1x"']),
    ({"type": "string", "pattern": "b+"}, ['"b"', '"abba"'], ['"a"', '""']),
    ({"type": "string", "pattern": "^(?:a|\\\"|\\\\)*$"}, ['""', '"a\\"\\\\"'], ['"b"', '"a\\na"']),
    ({"type": "string", "pattern": "^[^a-c\\n]?.$"}, ['"xy"', '"y"', '"\\"\u00e9"'], ['"ab"', '"xyz"']),
    ({"type": "string", "format": "date"}, ['"2024-02-29"', '"1999-12-31"', '"2000-02-29"'],
     ['"2023-02-29"', '"1900-02-29"', '"2024-13-01"', '"2024-04-31"', '"24-01-01"']),
    ({"type": "string", "format": "time"}, ['"23:59:59Z"', '"00:00:00.25+01:30"'], ['"24:00:00Z"', '"12:60:00Z"', '"12:00"']),
    ({"type": "string", "format": "date-time"}, ['"2024-02-29T12:00:00Z"'], ['"2024-02-30T12:00:00Z"', '"2024-02-29"']),
    ({"type": "string", "format": "uuid"}, ['"123e4567-e89b-12d3-a456-426614174000"'], ['"123e4567"', '"g23e4567-e89b-12d3-a456-426614174000"']),
    ({"enum": ["red", 1, None, {"a": [1, 2]}]}, ['"red"', "1", "null", '{"a":[1,2]}'], ['"blue"', "2", '{"a":[1]}']),
    ({"type": "string", "enum": ["a", "b", 3]}, ['"a"', '"b"'], ["3", '"c"']),
    ({"const": "\"quoted\" \\ \n"}, ['"\\"quoted\\" \\\\ \\n"'], ['"quoted"']),
    ({"type": "array", "items": {"type": "integer"}}, ["[]", "[1]", "[1,2, 3]"], ['["a"]', "[1,]", "{}"]),
    ({"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 3}, ["[true,false]", "[true, true,false]"],
     ["[]", "[true]", "[true,true,true,true]"]),
    ({"type": "array", "items": {"type": "null"}, "maxItems": 1}, ["[]", "[null]"], ["[null,null]"]),
    ({"type": "array", "items": {"type": "null"}, "minItems": 1}, ["[null]", "[null,null]"], ["[]"]),
    ({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False, "minItems": 1},
     ['["a"]', '["a",1]'], ["[]", '["a",1,2]', "[1]"]),
    ({"type": "array", "prefixItems": [{"type": "string"}], "items": {"type": "integer"}, "minItems": 3}, ['["a",1,2]', '["a",1,2,3]'],
     ['["a",1]', '["a",1,"b"]']),
    ({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a"], "additionalProperties": False},
     ['{"a":1}', '{"a": 1, "b": "x"}', '{\n  "a": 1\n}'], ["{}", '{"b":"x"}', '{"a":"x"}', '{"a":1,"c":2}']),
    ({"type": "object", "properties": {"a": {"type": "null"}, "b": {"type": "null"}, "c": {"type": "null"}}, "required": ["b"],
      "additionalProperties": False},
     ['{"b":null}', '{"a":null,"b":null}', '{"b":null,"c":null}', '{"a":null,"b":null,"c":null}'], ['{"a":null}', '{"a":null,"c":null}', "{}"]),
    ({"type": "object", "properties": {"ab": {"type": "null"}, "a": {"type": "null"}}, "additionalProperties": {"type": "integer"}},
     ["{}", '{"ab":null}', '{"ab":null,"a":null,"abc":1,"":2,"b":3}', '{"z":1}'], ['{"ab":1}', '{"z":null}', '{"a":2}']),
    ({"type": "object", "additionalProperties": {"type": "boolean"}}, ["{}", '{"x":true,"y":false}'], ['{"x":1}']),
    ({"type": "object", "required": ["x"], "additionalProperties": {"type": "boolean"}}, ['{"x":true}'], ["{}", '{"y":true}']),
    ({"type": "object", "properties": {"no": False}}, ["{}"], ['{"no":1}']),
    ({"properties": {"d\"q": {"type": "null"}}, "required": ["d\"q"], "type": "object"}, ['{"d\\"q":null}'], ["{}"]),
    ({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}, ['"a"', '["a","b"]'], ["1", "[1]"]),
    ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, ['"a"', "1"], ["1.5", "null"]),
    ({"oneOf": [{"type": "object", "properties": {"k": {"const": "a"}, "v": {"type": "integer"}}, "required": ["k", "v"]},
                {"type": "object", "properties": {"k": {"const": "b"}, "v": {"type": "string"}}, "required": ["k", "v"]}]},
     ['{"k":"a","v":1}', '{"k":"b","v":"x"}'], ['{"k":"a","v":"x"}', '{"k":"c","v":1}']),
    ({"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"],
      "anyOf": [{"properties": {"x": {"type": "null"}}, "required": ["x"]}, {"properties": {"y": {"type": "null"}}, "required": ["y"]}]},
     ['{"id":1,"x":null}', '{"id":1,"y":null}'], ['{"id":1}', '{"x":null}']),
    ({"allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
                {"properties": {"a": {"maximum": 9}, "b": {"type": "null"}}, "required": ["b"]}]},
     ['{"a":9,"b":null}'], ['{"a":10,"b":null}', '{"a":1}', '{"b":null}']),
    ({"allOf": [{"properties": {"a": {"type": "null"}}, "additionalProperties": False, "type": "object"}, {"properties": {"b": {}}}]},
     ["{}", '{"a":null}'], ['{"b":1}']),
    ({"allOf": [{"enum": [1, 2, 3]}, {"enum": [2, 3, 4]}]}, ["2", "3"], ["1", "4"]),
    ({"$ref": "#/$defs/node", "$defs": {"node": {"type": "object", "properties": {"v": {"type": "integer"}, "next": {"anyOf": [
        {"$ref": "#/$defs/node"}, {"type": "null"}]}}, "required": ["v", "next"]}}},
     ['{"v":1,"next":null}', '{"v":1,"next":{"v":2,"next":null}}'], ['{"v":1}', '{"v":1,"next":{"v":2}}']),
    ({"type": "array", "items": {"$ref": "#"}}, ["[]", "[[],[[]]]"], ["[1]", "{}"]),
    ({"$defs": {"positive": {"type": "integer", "minimum": 1}}, "type": "array", "items": {"$ref": "#/$defs/positive", "maximum": 5},
      "minItems": 1}, ["[1,5]"], ["[0]", "[6]", "[]"]),
    ({"properties": {"a~/b": {"$ref": "#/properties/c"}, "c": {"type": "boolean"}}, "required": ["a~/b"]}, ['{"a~/b":true}'],
     ['{"a~/b":1}']),
    ({}, ["null", '{"a":[1,"b",{}]}', "[]"], ["", "{", "nulll"]),
    (True, ["1"], ["]"]),
    ({"title": "t", "description": "d", "default": 1, "examples": [2], "$comment": "c", "type": "integer"}, ["5"], ['"5"']),
]


def allows(schema, text):
    try:
        value = json.loads(text)
    except ValueError:
        return False
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER).is_valid(value)


def main():
    if len(sys.argv) == 3 and sys.argv[1] == "--judge":
        judged = wrong = 0
        for line in open(sys.argv[2], encoding="utf-8"):
            drawn = json.loads(line)
            for text in drawn["texts"]:
                judged += 1
                if not allows(drawn["schema"], text):
                    wrong += 1
                    print("not allowed:", json.dumps(drawn["schema"]), text)
        print(f"{judged} texts judged, {wrong} wrong")
        sys.exit(wrong > 0 or judged == 0)
    lines = []
    for schema, match, differ in CASES:
        for text in match:
            assert allows(schema, text), (schema, text)
        for text in differ:
            assert not allows(schema, text), (schema, text)
        lines.append(json.dumps({"schema": schema, "match": match, "differ": differ}, ensure_ascii=False))
    print("[\n" + ",\n".join(lines) + "\n]")


main()
