"""House rules as lints over the syntax tree: each takes a file's path and source, and gives its breaches.

Kept here and not in a linter's plug-in because they speak of this tree's own folders.
"""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

SQL_BUILDERS = {"select", "insert", "update", "delete", "text", "with_for_update"}
SQL_HOMES = {"repository.py", "models.py", "database.py", "tenancy.py", "migrate.py", "seed.py", "worker.py"}
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}
LOG_FORBIDDEN_FIELDS = {
    "text",
    "transcript",
    "email",
    "password",
    "token",
    "grant",
    "utterance",
    "message_text",
}


@dataclass(frozen=True)
class Breach:
    """One place where a house rule is broken."""

    path: str
    line: int
    rule: str


Rule = Callable[[PurePosixPath, ast.Module], Iterator[Breach]]


def _called_name(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name):
        return call.func.id
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return ""


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _imports_from_sqlalchemy(tree: ast.Module) -> set[str]:
    return {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqlalchemy")
        for alias in node.names
    }


def sql_only_in_repositories(path: PurePosixPath, tree: ast.Module) -> Iterator[Breach]:
    """SQL statements are built in `repository.py` and in the few files that own the database itself."""
    if path.parts[0] != "api" or path.name in SQL_HOMES:
        return
    imported = _imports_from_sqlalchemy(tree) & SQL_BUILDERS
    for call in _calls(tree):
        if isinstance(call.func, ast.Name) and call.func.id in imported:
            yield Breach(str(path), call.lineno, "sql outside a repository")


def services_never_commit(path: PurePosixPath, tree: ast.Module) -> Iterator[Breach]:
    """The request or the job commits, once; repositories, services and routes never do."""
    if path.parts[0] != "api" or path.name not in {"repository.py", "service.py", "routes.py"}:
        return
    for call in _calls(tree):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "commit":
            yield Breach(str(path), call.lineno, "commit outside the request's own end")


def relationships_raise(path: PurePosixPath, tree: ast.Module) -> Iterator[Breach]:
    """Every relationship is `lazy="raise"`, so that no attribute access becomes a hidden query."""
    for call in _calls(tree):
        if _called_name(call) != "relationship":
            continue
        lazy = next((keyword.value for keyword in call.keywords if keyword.arg == "lazy"), None)
        if not (isinstance(lazy, ast.Constant) and lazy.value in {"raise", "raise_on_sql"}):
            yield Breach(str(path), call.lineno, "relationship without lazy='raise'")


def other_domains_by_service(path: PurePosixPath, tree: ast.Module) -> Iterator[Breach]:
    """A domain reaches another domain through its service, never through its repository."""
    if path.parts[0] != "api" or len(path.parts) < 3:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("api."):
            continue
        parts = (node.module or "").split(".")
        reaches_repository = parts[-1] == "repository" or "repository" in {alias.name for alias in node.names}
        if reaches_repository and parts[1] != path.parts[1]:
            yield Breach(str(path), node.lineno, "another domain's repository")


def logs_hold_no_personal_data(path: PurePosixPath, tree: ast.Module) -> Iterator[Breach]:
    """No transcript, address or secret is handed to a log call under a name that says so."""
    for call in _calls(tree):
        if not (isinstance(call.func, ast.Attribute) and call.func.attr in LOG_METHODS):
            continue
        owner = call.func.value
        if not (isinstance(owner, ast.Name) and owner.id in {"log", "logger", "_log", "_logger"}):
            continue
        for keyword in call.keywords:
            if keyword.arg in LOG_FORBIDDEN_FIELDS:
                yield Breach(str(path), call.lineno, f"log field {keyword.arg!r}")


def dependencies_are_coroutines(path: PurePosixPath, tree: ast.Module) -> Iterator[Breach]:
    """A dependency is an `async def`: FastAPI sends any other callable to a thread, many for each request."""
    if path.parts[0] != "api":
        return
    plain = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    for call in _calls(tree):
        if _called_name(call) != "Depends":
            continue
        given = call.args[0] if call.args else None
        if given is None or (isinstance(given, ast.Name) and given.id in plain):
            yield Breach(str(path), call.lineno, "dependency that is no coroutine function")


RULES: tuple[Rule, ...] = (
    sql_only_in_repositories,
    services_never_commit,
    relationships_raise,
    other_domains_by_service,
    logs_hold_no_personal_data,
    dependencies_are_coroutines,
)


def breaches(path: PurePosixPath, source: str) -> list[Breach]:
    """All breaches of all rules in one file; `path` is relative to the project's root."""
    tree = ast.parse(source)
    return [breach for rule in RULES for breach in rule(path, tree)]
