"""Sums, captions' lags, tables and the command's own options."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from typer.testing import CliRunner

from infra.bench.cli import app
from infra.bench.figures import (
    Backchannel,
    BargeInSpread,
    Spread,
    Turn,
    TurnSpread,
    VoiceReport,
    sum_up_turns,
)
from infra.bench.measures import CallFigures, caption_lags
from infra.bench.microphone import Spoken
from infra.bench.models import word_errors
from infra.bench.recordings import Utterance
from infra.bench.report import markdown, updated
from infra.bench.room_client import Caption
from infra.bench.voice import RowFigures


def report() -> VoiceReport:
    return VoiceReport(
        date="2026-11-21T10:00:00+00:00",
        machine={"processor": "Some | CPU", "cores": 2, "memory_gb": 8.0},
        versions={"livekit": "1.0"},
        calls=1,
        turns=30,
        voice_to_voice_ms=TurnSpread(p50=600.4, p95=900.0, n=29, early=1),
        barge_in_ms=BargeInSpread(p50=300.0, p95=390.0, n=12, missed=1, told_nothing=2),
        backchannels={"cough": Backchannel(played=3, never_paused=2, resume_ms=Spread.of([400.0]))},
        stages_ms={"llm_first_token": Spread(p50=1.0, p95=2.0, n=30)},
        notes=["something is null"],
    )


def test_spread_of_nothing_has_no_median() -> None:
    assert Spread.of([]).model_dump() == {"p50": None, "p95": None, "n": 0}


def test_spread() -> None:
    assert Spread.of(range(1, 102)).model_dump() == {"p50": 51.0, "p95": 96.0, "n": 101}


def test_turns_are_summed_apart() -> None:
    turns = [Turn(0.0, 1.0, 1.5), Turn(0.0, 1.0, 0.9), Turn(0.0, 1.0, None), Turn(0.0, 1.0, 1.7)]
    summed = sum_up_turns(turns, calls=2, waited_maximum_delay=1)
    assert summed.model_dump() == {
        "p50": 600.0,
        "p95": 690.0,
        "n": 2,
        "early": 1,
        "unanswered": 1,
        "waited_maximum_delay": 1,
        "calls": 2,
    }


def test_stages_come_from_the_recorded_turns() -> None:
    row = RowFigures()
    recorded: list[dict[str, Any]] = [
        {"timings": {"end_of_turn_delay": 300.0, "waited_maximum_delay": True, "llm_first_token": None}},
        {"timings": {"end_of_turn_delay": 500.0, "waited_maximum_delay": False}},
        {"timings": None},
    ]
    row.add(CallFigures(greeting_s=2.0), recorded)
    assert row.waited_maximum_delay == 1
    assert row.greetings_s == [2.0]
    assert row.stage_spreads() == {"end_of_turn_delay": Spread(p50=400.0, p95=490.0, n=2)}


def test_caption_lag_is_from_a_words_end_to_the_first_caption_that_has_it() -> None:
    utterance = Utterance("", "one two three", np.zeros(1, np.float32), (0.5, 1.0, 1.5))
    captions = [
        Caption(10.9, "learner", "a", "one", False),
        Caption(11.4, "learner", "a", "one two", False),
        Caption(12.1, "learner", "b", "three", True),
    ]
    lags = caption_lags(utterance, Spoken(10.0, 11.5), captions)
    assert [round(lag, 2) for lag in lags] == [0.4, 0.4, 0.6]


def test_word_counts_as_captioned_once_it_is_the_word_that_was_said() -> None:
    utterance = Utterance("", "I live in Berlin.", np.zeros(1, np.float32), (0.2, 0.6, 0.8, 1.4))
    captions = [
        Caption(10.9, "learner", "a", "I leave in a place in bed,", False),
        Caption(11.9, "learner", "a", "I live in Berlin", True),
    ]
    lags = caption_lags(utterance, Spoken(10.0, 11.5), captions)
    assert [round(lag, 2) for lag in lags] == [0.7, 1.3, 0.1, 0.5]


def test_word_that_no_caption_has_is_left_out() -> None:
    utterance = Utterance("", "one two", np.zeros(1, np.float32), (0.5, 1.0))
    captions = [Caption(10.9, "learner", "a", "one", True)]
    assert len(caption_lags(utterance, Spoken(10.0, 11.0), captions)) == 1


def test_word_errors() -> None:
    assert word_errors("I like tea.", "i like tea") == 0
    assert word_errors("I like green tea", "I like the tea now") == 2


def test_markdown_names_machine_figures_and_notes() -> None:
    text = markdown([report()])
    assert "| voice to voice, clear voices, ms | 600 | 900 | 29 | 1 early, 0 unanswered" in text
    assert "| barge-in until the coach is silent, ms | 300 | 390 | 12 | 1 missed, 2 told nothing |" in text
    assert "| going on after a cough, ms | 400 | 400 | 1 | of 3: 2 never paused, 0 never resumed |" in text
    assert "| stage llm first token, ms | 1 | 2 | 30 |" in text
    assert "Note: something is null." in text
    assert "2 cores" in text


def test_document_keeps_what_is_around_the_markers() -> None:
    once = updated("# Benchmarks\n\nWords.\n", "first")
    again = updated(once + "\nAfter.\n", "second")
    assert once.startswith("# Benchmarks\n\nWords.\n")
    assert "first" not in again
    assert "second" in again
    assert again.endswith("After.\n")


def test_saved_report_goes_into_the_document(tmp_path: Path) -> None:
    saved, document = tmp_path / "voice.json", tmp_path / "benchmarks.md"
    saved.write_text(report().model_dump_json())
    done = CliRunner().invoke(app, ["table", str(saved), "--update", str(document)])
    assert done.exit_code == 0, done.output
    assert "voice to voice, clear voices" in document.read_text()


def test_file_that_is_no_measurement_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.json"
    other.write_text(json.dumps({"a": 1}))
    done = CliRunner().invoke(app, ["table", str(other)])
    assert done.exit_code == 1
    assert "no saved measurement" in done.output


def test_rows_that_do_not_exist_are_refused() -> None:
    assert CliRunner().invoke(app, ["voice", "--only", "nothing"]).exit_code == 2
    assert CliRunner().invoke(app, ["voice", "--turns", "0"]).exit_code == 2
