"""Hooks of the kernel's imports: one name for another, and what follows an import."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Callable

Action = Callable[[ModuleType], None]


class Aliases(MetaPathFinder, Loader):
    """Gives the modules of one package under the names of others."""

    def __init__(self, package: str, aliases: tuple[str, ...]) -> None:
        self.package = package
        self.aliases = tuple(alias for alias in aliases if alias != package)

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        return ModuleSpec(name, self) if name.split(".", maxsplit=1)[0] in self.aliases else None

    def create_module(self, _: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        """Put the package's module, or what it offers by that name, in place of the new one."""
        name = module.__name__
        _, _, rest = name.partition(".")
        try:
            found = importlib.import_module(f"{self.package}.{rest}" if rest else self.package)
        except ModuleNotFoundError:
            package = importlib.import_module(self.package)
            if not hasattr(package, rest):
                raise ModuleNotFoundError(f"No module named {name!r}", name=name) from None
            found = getattr(package, rest)
        sys.modules[name] = found


class Followers(MetaPathFinder):
    """Calls an action with a module right after its import, before anything uses it."""

    def __init__(self, actions: dict[str, Action]) -> None:
        self.actions = actions

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        action = self.actions.pop(name, None)
        spec = importlib.util.find_spec(name) if action else None
        if spec is None or spec.loader is None:
            return None
        execute = spec.loader.exec_module

        def execute_and_follow(module: ModuleType) -> None:
            execute(module)
            action(module)

        spec.loader.exec_module = execute_and_follow  # type: ignore[method-assign]
        return spec
