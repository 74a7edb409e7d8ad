"""The tree keeps the house rules, and each rule finds the breach it is for."""

from pathlib import Path, PurePosixPath

import pytest

from tests.unit.house.rules import breaches

ROOT = Path(__file__).parents[3]

FAILING = {
    "sql outside a repository": ("api/calls/service.py", "from sqlalchemy import select\nselect(1)\n"),
    "commit outside the request's own end": (
        "api/calls/service.py",
        "async def f(s):\n  await s.commit()\n",
    ),
    "relationship without lazy='raise'": ("api/calls/models.py", "turns = relationship('Turn')\n"),
    "another domain's repository": ("api/calls/service.py", "from api.sessions.repository import Sessions\n"),
    "dependency that is no coroutine function": (
        "api/calls/routes.py",
        "def grant(): ...\nGrant = Annotated[str, Depends(grant)]\n",
    ),
    "log field 'transcript'": ("agent/call.py", "log.info('turn', transcript='hello')\n"),
}

PASSING = {
    "sql in a repository": ("api/calls/repository.py", "from sqlalchemy import select\nselect(1)\n"),
    "a set's own update": ("api/calls/service.py", "seen = set()\nseen.update([1])\n"),
    "lazy raise": ("api/calls/models.py", "turns = relationship('Turn', lazy='raise')\n"),
    "own repository": ("api/calls/service.py", "from api.calls.repository import Calls\n"),
    "a coroutine as dependency": (
        "api/calls/routes.py",
        "async def grant(): ...\nGrant = Annotated[str, Depends(grant)]\n",
    ),
    "log of a count": ("agent/call.py", "log.info('turn', characters=12)\n"),
}


@pytest.mark.parametrize("rule", FAILING)
def test_breach_is_found(rule: str) -> None:
    path, source = FAILING[rule]
    assert [breach.rule for breach in breaches(PurePosixPath(path), source)] == [rule]


@pytest.mark.parametrize("case", PASSING)
def test_good_code_passes(case: str) -> None:
    path, source = PASSING[case]
    assert breaches(PurePosixPath(path), source) == []


def test_tree_keeps_the_rules() -> None:
    files = [
        path for folder in ("api", "agent", "infra", "prompts") for path in (ROOT / folder).rglob("*.py")
    ]
    assert files
    found = [
        breach
        for path in files
        for breach in breaches(PurePosixPath(path.relative_to(ROOT).as_posix()), path.read_text())
    ]
    assert found == []
