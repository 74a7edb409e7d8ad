"""import-linter holds the import rules of the design, and finds a forbidden import."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PACKAGES = ("agent", "api", "infra", "prompts")


def lint_imports(root: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("lint-imports")
    command = [str(program), "--config", str(root / "pyproject.toml"), "--no-cache"]
    environment = {"PYTHONPATH": str(root)}
    return subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def copy_of_tree(tmp_path: Path) -> Path:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_import_rules_hold(copy_of_tree: Path) -> None:
    answer = lint_imports(copy_of_tree)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("agent/settings.py", "import api.main"),
        ("api/contract/calls.py", "import sqlalchemy"),
        ("api/errors.py", "import agent.call"),
        ("infra/models/settings.py", "import api.contract"),
    ],
)
def test_forbidden_import_is_found(copy_of_tree: Path, path: str, statement: str) -> None:
    module = copy_of_tree / path
    module.write_text(module.read_text() + f"\n{statement}\n")
    answer = lint_imports(copy_of_tree)
    assert answer.returncode != 0
    assert "BROKEN" in answer.stdout
