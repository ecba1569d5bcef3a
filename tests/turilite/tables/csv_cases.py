"""CSV texts and how they are read: data for test_csv_cases.py.

What Turi Create makes of them is recorded in csv_results.json
(`python -m tests.turilite.tables.record_csv`). `BY_DESIGN` says of which turilite makes something
else, and why.
"""

from __future__ import annotations

from array import array
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any, Callable, Dict, Tuple, Union

Case = Tuple[Union[str, bytes], Dict[str, Any]]

QUOTES: dict[str, Case] = {
    "an unquoted path": ("a,p\n1,C:\\tmp\\new\n", {}),
    "a quoted path": ('a,p\n1,"C:\\tmp\\new"\n', {}),
    "a quoted path, escaped": ('a,p\n1,"C:\\\\tmp\\\\new"\n', {}),
    "escapes": ('a,b\n1,"\\n\\t\\r\\b\\"\\\'\\/\\\\\\u0041\\q\\x41"\n', {}),
    "a surrogate pair": ('a,b\n1,"\\ud83d\\ude00\\u00e4"\n', {}),
    "no escape character": ('a,b\n1,"C:\\temp"\n', {"escape_char": None}),
    "another escape character": ('a,b\n1,"x~ny\\n"\n', {"escape_char": "~"}),
    "an escape character of no length": ("a,b\n1,C:\\temp\n", {"escape_char": ""}),
    "doubled quotes": ('a,b\n1,"say ""yes"""\n2,""""\n', {}),
    "doubled quotes that are none": ('a,b\n1,"say ""yes"""\n', {"double_quote": False}),
    "escaped quotes": ('a,b\n1,"say \\"yes\\""\n', {"double_quote": False}),
    "a quote inside of a value": ('a,b\n1,5" pipe\n2,"6"" pipe"\n', {}),
    "two quotes inside of values": ('a,b\n5" pipe,6" pipe\n1,2\n', {}),
    "text after quotes": ('a,b\n1,"x"y\n2,z\n', {}),
    "a comma in quotes": ('a,b\n1,"x,y"\n', {}),
    "a line break in quotes": ('a,b\n1,"x\ny"\n2,z\n', {}),
    "a line break in quotes, CRLF": ('a,b\r\n1,"x\r\ny"\r\n2,z\r\n', {}),
    "quotes that are never closed": ('a,b\n1,"x\n2,y\n', {}),
    "other quotes": ("a,b\n1,'x,y'\n", {"quote_char": "'"}),
    "single quotes that are none": ("a,b\n1,'x'\n2,it's\n", {}),
    "quoted numbers": ('a,b\n"1","1.5"\n"2","2"\n', {}),
    "a quoted list": ('a,b\n1,"[1,2,3]"\n2,"[4]"\n', {}),
    "empty quotes": ('a,b\n"",1\nx,2\n', {}),
    "empty quotes alone": ('a\n""\nx\n', {}),
}

BLANKS: dict[str, Case] = {
    "blanks around values": ("id,label\n1,cat \n2, cat\n3,cat\n", {}),
    "blanks around names": (" a , b \n1,2\n", {}),
    "blanks in quotes": ('" a ",b\n" x ",1\n', {}),
    "blanks around quotes": ('a,b\n "x" ,1\n', {}),
    "blanks that are not skipped": ("a, b\n x, 1\n", {"skip_initial_space": False}),
    "nothing between commas": ("a,b,c\n1,,x\n,2,\n", {}),
    "a blank between commas": ("a,b,c\n1, ,x\n , , \n", {}),
    "empty lines": ("\na,b\n\n1,2\n\n\n3,4\n\n", {}),
    "lines of blanks": ("a,b\n  \n1,2\n", {}),
    "only a header": ("a,b\n", {}),
    "only a header without an end": ("a,b", {}),
    "nothing": ("", {}),
    "only empty lines": ("\n\n", {}),
    "no line end at the end": ("a,b\n1,2", {}),
    "CRLF": ("a,b\r\n1,2\r\n3,4\r\n", {}),
    "CR": ("a,b\r1,2\r3,4\r", {}),
    "a byte order mark": ("\ufeffa,b\n1,2\n", {}),
    "accents": ("ä,b\nü,漢字\n", {}),
}

TYPES: dict[str, Case] = {
    "integers and floats": ("a,b\n1,1.5\n-2,2\n+3,.5\n", {}),
    "whole floats": ("a\n1.0\n2.\n", {}),
    "exponents": ("a,b\n1e5,1.5E-3\n2,+2e+3\n", {}),
    "NaN and infinity": ("a\nnan\ninf\n-inf\nNaN\nInfinity\n", {}),
    "a word that begins like NaN": ("a,b\nnano,infant\nnan,inf\n", {}),
    "zeros in front": ("a\n007\n08\n", {}),
    "the largest integers": ("a\n9223372036854775807\n-9223372036854775808\n", {}),
    "an integer over 64 bits": ("a,b\n99999999999999999999,1\n1,2\n", {}),
    "an integer over 64 bits among floats": ("a\n99999999999999999999\n1.5\n", {}),
    "numbers and words": ("a\n1\nx\n2\n", {}),
    "numbers with letters": ("a,b\n1a,2 3\n12%,1.2.3\n", {}),
    "signs alone": ("a,b\n-,+\n.,e5\n", {}),
    "missing values": ("a,b,c\nNA,NA,NA\n1,1.5,x\n", {}),
    "a column of missing values": ("a,b\nNA,1\n,2\n", {}),
    "quoted missing values": ('a,b\n"NA",1\nx,"NA"\n', {}),
    "other missing values": ("a,b\n-,1\nx,-\nNA,2\n", {"na_values": ["-"]}),
    "nothing for missing values": ("a,b\n,1\nx,\n", {"na_values": [""]}),
    "one missing value": ("a,b\n?,1\nx,?\n", {"na_values": "?"}),
    "no missing values": ("a,b\nNA,1\nx,2\n", {"na_values": []}),
    "truth": ("a,b\ntrue,1\nfalse,2\n", {"true_values": ["true"], "false_values": ["false"]}),
    "dates": ("a,b\n2015-03-01,1\n20150301T000000,2\n", {}),
    "a vector": ("a,v\n1,[1 2 3]\n2,[4;5,6.5]\n", {}),
    "an empty vector": ("a,v\n1,[]\n2,[1]\n", {}),
    "an unquoted list": ("a,x\n1,[1,2,3]\n2,[a,b]\n", {}),
    "a list with nothing at its end": ("x\n[a,]\n[,]\n[NA]\n", {}),
    "texts in a list": ("x\n['a,b',\"c]\",d e]\n[1,x]\n", {}),
    "lists in a list": ("x\n[[1,2],[a]]\n[{a:1}]\n", {}),
    "a list that is not closed": ("a,x\n1,[a\n2,b\n", {}),
    "a list and more": ("a,b,c\n[1,2] x,3\n", {}),
    "a dict": ("a,x\n1,{1:2 3:4}\n2,{a:b,c:d}\n3,{}\n", {}),
    "a quoted dict": ('x,a\n"{""a"":1,""b"":[1,2]}",1\n', {}),
    "a dict with a missing value": ("x,a\n{a:,b:1},1\n{a: b c:d},2\n", {}),
    "a dict that is none": ("x,a\n{a},1\n{a b:c},2\n", {}),
    "lists and vectors": ("x\n[1,2]\n[a]\n", {}),
    "vectors and numbers": ("x,y\n[1 2],1\n3,2\n", {}),
}

HINTS: dict[str, Case] = {
    "text": ("a,b\n1,2.50\n007,x\n", {"column_type_hints": str}),
    "integers": ("a,b\n1,2\n3,4\n", {"column_type_hints": int}),
    "floats": ("a,b\n1,2.5\n3,4\n", {"column_type_hints": float}),
    "integers of other texts": ("a,b\n1,2\nx,3\n4,5\n", {"column_type_hints": int}),
    "integers of floats": ("a,b\n1.5,2\n12abc,3\n", {"column_type_hints": {"a": int}}),
    "floats of other texts": ("a\n1\nx\n2.5y\n", {"column_type_hints": float}),
    "lists": ("a,b\n[1,2],1\n[a],2\nx,3\n", {"column_type_hints": [list, int]}),
    "vectors": ("a,b\n[1 2],1\n[a],2\nx,3\n", {"column_type_hints": [array, int]}),
    "dicts": ("a,b\n{a:1},1\n[a],2\nx,3\n", {"column_type_hints": [dict, int]}),
    "of some columns": ("a,b\n1,2\n3,4\n", {"column_type_hints": {"b": str}}),
    "of no column": ("a,b\n1,2\n", {"column_type_hints": {"c": str}}),
    "too few": ("a,b\n1,2\n", {"column_type_hints": [int]}),
    "a number": ("a,b\n1,2\n", {"column_type_hints": 5}),
    "missing values": ("a,b\n,NA\n1,2\n", {"column_type_hints": int}),
}

LINES: dict[str, Case] = {
    "too long": ("a,b\n1,2\n3,4,5\n6,7\n", {}),
    "too long by nothing": ("a,b\n1,2\n3,4,\n6,7\n", {}),
    "too short": ("a,b,c\n1,2,3\n4,5\n6\n7,8,9\n", {}),
    "too long, strictly": ("a,b\n1,2\n3,4,5\n", {"error_bad_lines": True}),
    "too short, strictly": ("a,b\n1\n3,4\n", {"error_bad_lines": True}),
    "of another type, strictly": (
        "a\n1\nx\n",
        {"error_bad_lines": True, "column_type_hints": int},
    ),
    "comments": ("#x\na,b #y\n1,2 # z\n#\n3,4\n", {"comment_char": "#"}),
    "comments in quotes": ('a,b\n1,"#2"\n', {"comment_char": "#"}),
    "no comments": ("a,b\n#1,2\n#\n", {}),
    "comments with quotes": ('a,b\n1,2 # it"s\n3,4\n', {"comment_char": "#"}),
    "skipped rows": ("title\nmore\na,b\n1,2\n", {"skiprows": 2}),
    "the first rows": ("a,b\n1,2\n3,4\n5,x\n", {"nrows": 2}),
    "no rows are all": ("a,b\n1,2\n3,4\n", {"nrows": 0}),
    "the first good rows": ("a\n1\nx\n2\n3\n", {"nrows": 2, "column_type_hints": int}),
    "no header": ("1,2\n3,4\n", {"header": False}),
    "one column": ("a\n1\n2\n", {"usecols": ["a"]}),
    "columns in another order": ("a,b,c\n1,2,3\n", {"usecols": ["c", "a"]}),
    "a column that is not there": ("a,b\n1,2\n", {"usecols": ["c"]}),
    "a column by its number": ("a,b\n1,2\n", {"usecols": ["X2"]}),
    "no name at first": (",b\n1,2\n", {}),
    "no name in the middle": ("a,,c\n1,2,3\n", {}),
    "no names": (",,\n1,2,3\n", {}),
    "names twice": ("a,a,b,a\n1,2,3,4\n", {}),
    "names twice that are taken": ("a,a,a.1\n1,2,3\n", {}),
    "a quoted name": ('"a,b",c d\n1,2\n', {}),
    "a name with an escape": ('"a\\nb","c""d"\n1,2\n', {}),
}

MARKS: dict[str, Case] = {
    "semicolons": ("a;b\n1;x,y\n", {"delimiter": ";"}),
    "tabs": ("a\tb\n1\tx y\n\t\n", {"delimiter": "\t"}),
    "blanks": ("a b\n1  2\n 3 4 \n", {"delimiter": " "}),
    "a list with blanks between blanks": ("a b\n[1, 2] x\n[c, d] y\n", {"delimiter": " "}),
    "a dict with blanks between blanks": ("a b\n{a:1, b:2} x\n", {"delimiter": " "}),
    "a list with blanks between tabs": ('a\tb\n[1, 2]\tx\n["c d", e]\ty\n', {"delimiter": "\t"}),
    "a dict with blanks between tabs": ("a\tb\n{a:1, b:2}\tx\n", {"delimiter": "\t"}),
    "a dict with blanks between tabs, asked for": (
        "a\tb\n{a:1, b:2}\tx\n",
        {"delimiter": "\t", "column_type_hints": {"a": dict}},
    ),
    "a quoted dict with blanks between tabs": ('a\tb\n"{a:1, b:2}"\tx\n', {"delimiter": "\t"}),
    "a blank at the end of a header between blanks": ("a b \n1 2\n3 4 \n", {"delimiter": " "}),
    "a tab before the header": ("\ta,b\n1,2\n", {}),
    "a tab before a name": ("a|\tb|c\n1|2|3\n", {"delimiter": "|"}),
    "lines for values": ('x, y\n"a\nb"\n\n c \n', {"delimiter": "\n"}),
    "an empty line for a value": ("\n", {"delimiter": "\n", "header": False}),
    "lists between blanks": ("a b\n[1, 2] 3\n{a:1 b:2} 4\n", {"delimiter": " "}),
    "two characters": ("a::b\n1::x:y\n", {"delimiter": "::"}),
    "a comma and a blank": ("a, b\n1, 2\n3, x,y\n", {"delimiter": ", "}),
    "no delimiter": ("a,b\nx,2\n", {"delimiter": ""}),
    "semicolons for lines": ("a,b;1,2;3,4", {"line_terminator": ";"}),
    "two characters for lines": ("a,b||1,|2||3,4||", {"line_terminator": "||"}),
    "CRLF asked for": ('a,b\r\n1,"x\r\n"\r\n', {"line_terminator": "\r\n"}),
    "by pandas' names": (
        "a;b\n1;'x;y'#z\n",
        {"sep": ";", "quotechar": "'", "comment": "#", "doublequote": True},
    ),
    "an option that is not there": ("a,b\n1,2\n", {"index_col": 0}),
    "not UTF-8": (b"a,b\n1,\xe4\n", {}),
}

# Files of which each line is a value, read by SArray with these options.
TEXTS: dict[str, Case] = {
    "lines": ("a\r\nb\rc", {}),
    "empty lines": ("a\n\nb\n", {}),
    "one empty line": ("\n", {}),
    "blanks": ("  a \n\tb\t\n \n", {}),
    "quotes": ('"a"\n""\n"a""b"\nx"y\n', {}),
    "a line break in quotes": ('"a\nb"\nc\n', {}),
    "an escape": ('"a\\nb"\na\\nb\n', {}),
    "no missing values": ("NA\nx\n", {}),
    "no comments": ("#c\nx # y\n", {}),
    "a quote in what would be a comment": ('a # "x\nb\n', {}),
    "commas": ("a,b\nc\n", {}),
    "brackets": ("[1,2\n{\n}\n", {}),
    "other line ends": ("a\x0bb\x0cc\u2028d\x85e\n", {}),
    "a byte order mark": ("\ufeffa\nb\n", {}),
    "integers": ("1\n\n2\n", {"dtype": int}),
    "integers of floats": ("1.5\n2\n", {"dtype": int}),
    "integers of texts": ("1\nx\n", {"dtype": int}),
    "floats": ("1.5\n2\n", {"dtype": float}),
    "lists": ("[1,2]\n[a]\n", {"dtype": list}),
    "vectors": ("[1 2]\n[3;4]\n", {"dtype": array}),
    "dicts": ("{a:1, b:2}\n{}\n", {"dtype": dict}),
    "an empty file": ("", {}),
    "not UTF-8": (b"\xe4\n", {}),
}


def reading(function: Callable[[Any, str, dict], Any], case: Case) -> Callable[[ModuleType], Any]:
    """Return the call that gives what is in a file of that text."""
    text, options = case

    def call(tc: ModuleType) -> Any:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "table.csv"
            path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
            return function(tc, str(path), options)

    return call


def table(tc: ModuleType, path: str, options: dict[str, Any]) -> Any:
    return tc.SFrame.read_csv(path, **options).copy()


def lines(tc: ModuleType, path: str, options: dict[str, Any]) -> Any:
    return tc.SArray(path, **options)[:]


CASES: dict[str, Callable[[ModuleType], Any]] = {
    f"{kind}: {name}": reading(lines if cases is TEXTS else table, case)
    for kind, cases in {
        "quotes": QUOTES, "blanks": BLANKS, "types": TYPES,
        "hints": HINTS, "lines": LINES, "marks": MARKS, "texts": TEXTS,
    }.items()
    for name, case in cases.items()
}  # fmt: skip

# What turilite gives in place of what is recorded, and why.
BY_DESIGN: dict[str, tuple[str, str]] = {
    "lines: a name with an escape": (
        'SFrame {a\nb: int [1]; c"d: int [2]}',
        "names that `export_csv` writes come back as they were",
    ),
    "marks: a blank at the end of a header between blanks": (
        "SFrame {a: int [1, 3]; b: int [2, 4]}",
        "no row is lost",
    ),
    "texts: an empty file": ("SArray str []", "no lines are no values"),
    "texts: not UTF-8": ("UnicodeError", "one sentence, when it is read and not when it is used"),
    "marks: not UTF-8": ("UnicodeError", "one sentence, when it is read and not when it is used"),
}
# Errors of the same type in other words.
OTHER_WORDS = {"blanks: only empty lines", "marks: an option that is not there"}
