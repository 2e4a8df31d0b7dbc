from __future__ import annotations

import json
import subprocess
import sys

import pytest

from dispatch.errors import BadInput, SetupError
from dispatch.export import write_month
from tests.compliance.october import at, notice, october, one

NAMES = ["month.xlsx", "reports.csv", "month.json", "month.html"]


def some_month(**more):
    told = [
        one(1, arrived=40),
        one(2, arrived=50),
        one(3, zone="remote"),
        one(4, zone=None),
        one(5, resolved="by_phone"),
    ]
    return october(*told, notices=[notice(1)], as_of=at(60), **more)


def test_the_month_is_written_as_its_four_files_and_nothing_else(tmp_path):
    written = write_month(some_month(), tmp_path / "new" / "folder")
    assert [path.name for path in written] == NAMES
    assert sorted(path.name for path in (tmp_path / "new/folder").iterdir()) == sorted(NAMES)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_month_exported_twice_is_the_same_to_the_byte(tmp_path, lang):
    first = [path.read_bytes() for path in write_month(some_month(), tmp_path / "a", lang)]
    assert [path.read_bytes() for path in write_month(some_month(), tmp_path / "b", lang)] == first


def test_an_older_export_is_replaced_whole(tmp_path):
    write_month(october(), tmp_path)
    write_month(some_month(), tmp_path)
    assert json.loads((tmp_path / "month.json").read_text("utf-8"))["counts"]["reports"] == 5


def test_a_language_without_texts_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(BadInput, match="choose one of en, zh"):
        write_month(some_month(), tmp_path / "out", "../secrets")
    assert not (tmp_path / "out").exists()


def test_a_folder_that_is_a_file_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "out").write_text("mine")
    with pytest.raises(SetupError, match="choose another --out"):
        write_month(some_month(), tmp_path / "out")


def test_exporting_does_not_need_the_web_framework():
    code = "import sys, dispatch.export; print('flask' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
