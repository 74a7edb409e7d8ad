"""Transcripts as files."""

import csv
import io

import asyncpg
import pytest

from api.review import exports
from tests.api.conftest import AgentSide, Learner, error_of
from tests.api.review.conftest import HeldCall, hold_call, written

SCRIPTS = ("Hello <b>there</b>", "سلام دوست من", "Привет", "γεια", "नमस्ते", "漢字")
FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1+1", ' =HYPERLINK("http://evil")', "＝1+1")


async def test_text_has_turns_and_comments(teacher: Learner, call: HeldCall) -> None:
    await written(teacher, call, "A lively call.")
    await written(teacher, call, "bought,\nnot buyed", turn_id=call.turns[0]["id"])
    answer = await teacher.client.get(f"{call.at}/transcript")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-disposition"].startswith('attachment; filename="call-')
    assert "Maya" not in answer.headers["content-disposition"]
    lines = answer.text.splitlines()
    assert lines[0].startswith("Maya, ")
    assert lines[1] == "    Tom: A lively call."
    assert "[0:00] Learner: I buyed plums \U0001f600 yesterday." in lines
    assert "    Tom: bought," in lines
    assert "    not buyed" in lines


async def test_csv_holds_every_turn_and_no_formula(agent: AgentSide, teacher: Learner, maya: Learner) -> None:
    said = (*FORMULAS, 'He said "yes", twice;\nthen no')
    call = await hold_call(agent, maya, *said)
    await written(teacher, call, "=cmd|' /C calc'!A0", turn_id=call.turns[7]["id"])
    answer = await teacher.client.get(f"{call.at}/transcript", params={"format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert [row["text"].removeprefix("'") for row in rows] == [turn["text"] for turn in call.turns]
    for row in rows:
        assert not any(cell.lstrip(" ").startswith(exports.FORMULA_BEGINS) for cell in row.values())
    assert all(row["text"].startswith("'") for row in rows[: len(FORMULAS)])
    assert rows[7]["comments"] == "Tom: =cmd|' /C calc'!A0"


async def test_hostile_name_is_defused(teacher: Learner, call: HeldCall, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE users SET display_name = '=1+1' WHERE id = $1", teacher.id)
    await written(teacher, call, "x", turn_id=call.turns[0]["id"])
    answer = await teacher.client.get(f"{call.at}/transcript", params={"format": "csv"})
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert rows[0]["comments"] == "'=1+1: x"


async def test_pdf_in_many_scripts(agent: AgentSide, teacher: Learner, maya: Learner) -> None:
    call = await hold_call(agent, maya, *SCRIPTS)
    await written(teacher, call, "# **bold** & __more__")
    answer = await teacher.client.get(f"{call.at}/transcript", params={"format": "pdf"})
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"FiraGO" in answer.content


async def test_pdf_has_a_limit_and_text_has_none(
    teacher: Learner, call: HeldCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PDF_TURNS", 2)
    monkeypatch.setattr(exports, "TURNS_AT_ONCE", 1)
    refused = await teacher.client.get(f"{call.at}/transcript", params={"format": "pdf"})
    assert (refused.status_code, error_of(refused)) == (413, "too_long")
    whole = await teacher.client.get(f"{call.at}/transcript")
    assert whole.text.count("\n[") == 3
    assert (await teacher.client.get(f"{call.at}/transcript", params={"format": "doc"})).status_code == 422
