"""The budget: where it comes from, and what it refuses."""

from __future__ import annotations

import pytest

import turilite as tc
from turilite import memory


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv(memory.SETTING, raising=False)
    yield
    memory.set_budget(None)


def test_the_budget_is_a_quarter_of_the_memory_of_the_machine() -> None:
    assert memory.budget() == memory.machine_memory() // 4
    assert memory.machine_memory() > 1 << 28


def test_a_setting_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(memory.SETTING, "300MB")
    assert tc.config.get_runtime_config() == {memory.SETTING: 300_000_000}
    tc.config.set_runtime_config(memory.SETTING, "1.5 GiB")
    assert tc.config.get_runtime_config() == {memory.SETTING: 3 << 29}
    tc.config.set_runtime_config(memory.SETTING, None)
    assert tc.config.get_runtime_config() == {memory.SETTING: 300_000_000}


@pytest.mark.parametrize("size", ["much", "-1", "0", "1 PB", True, ""])
def test_what_is_no_size_is_refused(size) -> None:
    with pytest.raises(ValueError, match="TURILITE_MEMORY must be a size such as '2 GB'"):
        tc.config.set_runtime_config(memory.SETTING, size)


def test_what_would_not_fit_is_refused_with_what_to_do() -> None:
    memory.set_budget("10 MB")
    memory.check_room(10_000_000, "a table")
    sentence = r"a table would take 12.5 MB of memory at once, more than the 10.0 MB that it may"
    with pytest.raises(MemoryError, match=f"{sentence} take: use fewer rows, or set TURILITE_MEM"):
        memory.check_room(12_500_000, "a table")
