"""What `import turicreate` and `import graphlab` say where there is no such package."""

from __future__ import annotations

import importlib
import sys

import pytest

from assignment import engine, import_advice


@pytest.fixture(params=["turicreate", "graphlab"])
def name(request, monkeypatch) -> str:
    if engine.is_turicreate_here() and request.param == "turicreate":
        pytest.skip("Turi Create is installed here")
    monkeypatch.delitem(sys.modules, request.param, raising=False)
    return request.param


def test_an_import_of_an_engine_is_answered_with_what_to_do(name):
    with pytest.raises(ModuleNotFoundError) as caught:
        importlib.import_module(name)
    assert str(caught.value).startswith(f"No module named '{name}': this kernel has turilite")
    assert "turilite/aliases" in str(caught.value)
    assert caught.value.name == name


def test_an_alias_on_the_path_is_imported_all_the_same(name, monkeypatch, tmp_path):
    (tmp_path / f"{name}.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    assert importlib.import_module(name).__file__ == str(tmp_path / f"{name}.py")


def test_other_names_are_not_its_business():
    with pytest.raises(ModuleNotFoundError, match=r"^No module named 'turicreat'$"):
        importlib.import_module("turicreat")


def test_it_is_installed_once():
    for _ in range(2):
        import_advice.load_ipython_extension(None)
    assert sys.meta_path.count(import_advice.ImportAdvice) == 1
