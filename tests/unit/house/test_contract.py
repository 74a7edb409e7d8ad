"""The contract package imports nothing of ours but itself."""

import ast
from pathlib import Path

CONTRACT = Path(__file__).parents[3] / "api" / "contract"
OURS = ("api", "agent", "infra", "prompts")


def imported_modules(source: str) -> set[str]:
    modules: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            modules.update(alias.name for alias in node.names)
        if isinstance(node, ast.ImportFrom) and node.module:
            modules.add(node.module)
    return modules


def of_ours_outside_contract(modules: set[str]) -> set[str]:
    ours = {module for module in modules if module.split(".")[0] in OURS}
    return {module for module in ours if not module.startswith("api.contract")}


def test_breach_is_found() -> None:
    modules = imported_modules("from api.errors import AvaazError\nfrom api.contract import room\n")
    assert of_ours_outside_contract(modules) == {"api.errors"}


def test_contract_imports_only_itself() -> None:
    files = list(CONTRACT.glob("*.py"))
    assert files
    found = {file.name: of_ours_outside_contract(imported_modules(file.read_text())) for file in files}
    assert not any(found.values()), found
