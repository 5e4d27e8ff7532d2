from __future__ import annotations

import tomllib

from harness.suites.toml_lines import key_lines

TEXT = '''# [not.a.table]
"quoted key" = 1
a.b = """
[not.a.table]
c = 1
""" # ]
list = [
  "]", # [
  1,
]
after = {x = "}"}
text = \'\'\'
it\'s "quoted"
\'\'\'
[t . 'u v'] # comment
k = "#"
[[many]]
k = 1
'''


def test_finds_every_key_and_nothing_inside_strings() -> None:
    tomllib.loads(TEXT)
    assert key_lines(TEXT) == {
        (): 1,
        ("quoted key",): 2,
        ("a",): 3,
        ("a", "b"): 3,
        ("list",): 7,
        ("list", 0): 8,
        ("after",): 11,
        ("text",): 12,
        ("t",): 15,
        ("t", "u v"): 15,
        ("t", "u v", "k"): 16,
        ("many",): 17,
        ("many", "k"): 18,
    }


def test_windows_line_ends_count_once() -> None:
    assert key_lines("a = 1\r\nb = 2\r\n")["b",] == 2
