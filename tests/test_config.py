"""Defaults, then the file, then the environment; and what a mistake in the file is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.config import SECTIONS, Config, load
from dispatch.errors import SetupError
from dispatch.paths import ROOT, from_root
from dispatch.plan.cost import Weights

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def told(tmp_path: Path) -> Callable[[str], str]:
    """The one line a person reads who wrote `text` into config.toml."""

    def tell(text: str) -> str:
        file = tmp_path / "config.toml"
        file.write_text(text, encoding="utf-8")
        with pytest.raises(SetupError) as caught:
            load(file, {})
        assert "\n" not in str(caught.value)
        return str(caught.value)

    return tell


def test_an_empty_file_equals_the_defaults(tmp_path):
    file = tmp_path / "config.toml"
    file.touch()
    assert load(file, {}) == Config()


def test_the_shipped_file_is_the_sample_company_and_every_file_it_names_is_there():
    config = load(ROOT / "config.toml", {})
    assert config.service.name == "示例供电公司 Sample Supply"
    named = [config.zones.file, *dict(config.company).values()]
    assert [name for name in named if not from_root(name).is_file()] == []


def test_every_key_says_what_it_is_for():
    silent = [
        f"[{name}] {key}"
        for name, section in SECTIONS.items()
        for key, field in section.model_fields.items()
        if not field.description
    ]
    assert silent == []


def test_the_costs_are_those_of_the_planner_unless_the_company_says_otherwise():
    costs = {key: value for key, value in Config().plan if key.endswith("_cost")}
    assert costs == {key: getattr(Weights(), key) for key in costs}


def test_a_key_left_out_keeps_its_default(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text("[web]\nport = 9000\n")
    config = load(file, {})
    assert (config.web.port, config.web.host, config.plan.every_s) == (9000, "127.0.0.1", 15)


def test_the_environment_names_the_file(tmp_path):
    file = tmp_path / "other.toml"
    file.write_text('[service]\nname = "甲供电公司"\n', encoding="utf-8")
    assert load(environ={"DISPATCH_CONFIG": str(file)}).service.name == "甲供电公司"


def test_a_named_file_that_is_missing_is_an_error(tmp_path):
    with pytest.raises(SetupError, match=r"nowhere\.toml: No such file"):
        load(environ={"DISPATCH_CONFIG": str(tmp_path / "nowhere.toml")})


def test_the_environment_wins_over_the_file(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[store]\nurl = "sqlite:a.db"\n')
    assert load(file, {}).store.url == "sqlite:a.db"
    assert load(file, {"DISPATCH_STORE_URL": "sqlite:/srv/b.db"}).store.url == "sqlite:/srv/b.db"


def test_a_wrong_store_in_the_environment_is_named_as_such_and_never_repeated():
    with pytest.raises(SetupError, match=r"^DISPATCH_STORE_URL: \[store\] url: must look like") as caught:
        load(ROOT / "config.toml", {"DISPATCH_STORE_URL": "mysql://desk:hunter2@db/x"})
    assert "hunter2" not in str(caught.value)


def test_an_unknown_key_is_named_with_its_section_and_the_nearest_known_one(told):
    assert told("[web]\nprot = 80") == "config.toml: [web] has no key 'prot'; did you mean 'port'?"
    assert told("[web]\nzzz = 80") == "config.toml: [web] has no key 'zzz'"


def test_an_unknown_section_is_named_with_the_nearest_known_one(told):
    assert (
        told("[servce]\nname = 'x'") == "config.toml: there is no section [servce]; did you mean 'service'?"
    )


def test_a_key_outside_a_section_is_told_to_go_into_one(told):
    assert "'port' stands outside a section: put it under one of [service], [policy]" in told("port = 80")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[web]\nport = '80'", "[web] port: should be a valid integer, not '80'"),
        ("[web]\nport = true", "[web] port: should be a valid integer, not True"),
        ("[web]\nport = 70000", "[web] port: should be less than or equal to 65535, not 70000"),
        ("[web]\nbase_url = 'dispatch'", "[web] base_url: must look like https://dispatch.example"),
        ("[service]\nlanguage = 'de'", "[service] language: should be 'zh' or 'en', not 'de'"),
        ("[policy]\nshadow = [1]", "[policy] shadow: should be a valid string, not 1"),
        ("[zones]\ndefault = 'remote'", "[zones] default: should be '', 'urban' or 'rural', not 'remote'"),
        ("[plan]\nmiss_cost = inf", "[plan] miss_cost: should be a finite number, not inf"),
        (
            "[service]\ntimezone = 'Asia/Shangai'",
            "[service] timezone: there is no time zone 'Asia/Shangai'; did you mean 'Asia/Shanghai'?",
        ),
        ("[service]\ntimezone = '../etc'", "[service] timezone: there is no time zone '../etc'"),
    ],
)
def test_a_wrong_value_is_named_with_what_would_be_right(told, text, sentence):
    assert told(text) == f"config.toml: {sentence}"


def test_every_mistake_is_told_at_once(told):
    assert told("[web]\nprot = 1\nhost = 2").count("[web]") == 2


def test_a_slip_in_the_syntax_names_the_line(told):
    assert "line 3" in told("[web]\nport = 80\nhost = \n")


def test_a_file_that_is_not_text_is_refused(tmp_path):
    file = tmp_path / "config.toml"
    file.write_bytes("[service]\nname = '供电'".encode("gb18030"))
    with pytest.raises(SetupError, match="save it as UTF-8"):
        load(file, {})


def test_lateness_need_not_double(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text("[plan]\nlate_beyond_min = inf\n")
    assert load(file, {}).plan.late_beyond_min == float("inf")


@pytest.mark.parametrize(
    "url", ["http://maps.example", "https://maps.example/api", "ftp://maps.example", "maps.example"]
)
def test_addresses_and_keys_leave_the_house_only_encrypted(told, url):
    assert "must look like https://HOST" in told(f'[gazetteer]\nonline_url = "{url}"\n')


def test_a_provider_may_be_ones_own(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text('[gazetteer]\nonline = "photon"\nonline_url = "https://photon.example:8443"\n')
    assert load(file, {}).gazetteer.online_url == "https://photon.example:8443"


@pytest.mark.parametrize(
    "name", ["auto", "cch", "dijkstra", "osrm:http://10.0.0.7:5000", "osrm:https://maps.example/a"]
)
def test_roads_are_answered_by_an_engine_of_ours_or_by_a_server(tmp_path, name):
    file = tmp_path / "config.toml"
    file.write_text(f'[roads]\nengine = "{name}"\n', encoding="utf-8")
    assert load(file, {}).roads.engine == name


@pytest.mark.parametrize(
    "name", ["", "osrm", "osrm:maps.example", "osrm:ftp://maps.example", "osrm:http://a:b@c"]
)
def test_an_engine_nobody_knows_is_told_how_one_is_named(told, name):
    assert "[roads] engine" in (said := told(f'[roads]\nengine = "{name}"\n'))
    assert "osrm:http://HOST:5000" in said
