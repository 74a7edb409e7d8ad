"""The command `avaaz doctor`."""

import asyncio
import os
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from infra.doctor.examination import examine
from infra.findings import Finding, State, to_json
from infra.stack.plan import make_plan
from infra.stack.settings import load_settings, read_env_file

app = typer.Typer()

_MARKS: Final = {
    State.OK: "[green]ok[/green]",
    State.WARNING: "[yellow]warning[/yellow]",
    State.FAILED: "[bold red]failed[/bold red]",
    State.SKIPPED: "[dim]skipped[/dim]",
}


@app.command()
def doctor(
    env_file: Annotated[str, typer.Option(help="Settings file; the environment wins over it.")] = ".env",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
) -> None:
    """Try every part of this installation, and say what to mend. Exits with 1 when something failed."""
    path = Path(env_file) if env_file else None
    outer = {**read_env_file(path), **os.environ}
    findings = asyncio.run(examine(make_plan(load_settings(path), outer), outer))
    if as_json:
        print(to_json(findings))
    else:
        _show(findings)
    if any(finding.state is State.FAILED for finding in findings):
        raise typer.Exit(1)


def _show(findings: list[Finding]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in ("", "area", "what", "found"):
        table.add_column(heading)
    for finding in findings:
        figures = "  ".join(f"{name.replace('_', ' ')} {value:g}" for name, value in finding.figures.items())
        said = finding.said + (f"  ({figures})" if figures else "")
        table.add_row(_MARKS[finding.state], finding.area, finding.name, said)
        if finding.mend:
            table.add_row("", "", "", f"[bold]→ {finding.mend}[/bold]")
    Console().print(table)
