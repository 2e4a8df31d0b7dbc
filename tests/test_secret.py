"""Where the key that signs sessions comes from, and who may read it."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from dispatch.errors import SetupError
from dispatch.secret import secret_key


def test_the_secret_key_comes_from_the_environment(tmp_path):
    assert secret_key({"DISPATCH_SECRET_KEY": "k" * 40}, tmp_path) == b"k" * 40
    assert list(tmp_path.iterdir()) == []


def test_the_secret_key_comes_from_the_file_the_environment_names(tmp_path):
    file = tmp_path / "key"
    file.write_text("s" * 40 + "\n")
    assert secret_key({"DISPATCH_SECRET_KEY_FILE": str(file)}, tmp_path) == b"s" * 40


def test_a_named_key_file_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(SetupError, match="cannot read the secret key"):
        secret_key({"DISPATCH_SECRET_KEY_FILE": str(tmp_path / "no")}, tmp_path)


def test_a_short_secret_key_is_refused_and_not_shown(tmp_path):
    with pytest.raises(SetupError, match="DISPATCH_SECRET_KEY is too short") as caught:
        secret_key({"DISPATCH_SECRET_KEY": "hunter2"}, tmp_path)
    assert "hunter2" not in str(caught.value)


def test_without_one_a_secret_key_is_made_once_for_its_owner_only(tmp_path):
    first = secret_key({}, tmp_path / "local")
    file = tmp_path / "local" / "secret.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret_key({}, tmp_path / "local") == first


def test_two_that_start_at_once_agree_on_one_secret_key(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: secret_key({}, tmp_path), range(32)))
    assert len(keys) == 1
    assert [file.name for file in tmp_path.iterdir()] == ["secret.key"]
