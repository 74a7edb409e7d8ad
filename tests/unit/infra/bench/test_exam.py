"""Mock exams on a virtual clock: what the bench measures, and that it would notice."""

from dataclasses import replace

import pytest

from api.contract import exam_clock
from infra.bench.exam.bench import content_of, simulated
from infra.bench.exam.room import OVER, Watch
from infra.bench.exam.virtual import Outcome, Troubles
from prompts.exams import exams

CONTENTS = [content_of(prompt) for prompt in exams()]


def some(troubles: Troubles, number: int = 24) -> list[Outcome]:
    return [
        simulated(CONTENTS[seed % len(CONTENTS)], 0.25 * (seed % 2), seed, troubles) for seed in range(number)
    ]


def test_the_same_seed_happens_the_same() -> None:
    assert simulated(CONTENTS[0], 0.0, 7) == simulated(CONTENTS[0], 0.0, 7)


def test_nobody_is_cut_and_nobody_gains() -> None:
    outcomes = some(Troubles())
    assert all(one.ended for one in outcomes)
    assert sum(one.kills for one in outcomes) > 20
    assert sum(one.leaves for one in outcomes) > 100
    assert sum(one.long_turns for one in outcomes) > 5
    assert sum(one.cut for one in outcomes) == 0
    assert max(one.gained_s for one in outcomes) < 0.1
    assert max(error for one in outcomes for error in one.boundary_errors_s) < 0.25


def test_a_worker_whose_time_is_wrong_is_noticed() -> None:
    late = some(replace(Troubles(), lag=(1.0, 1.0)), 6)
    assert max(error for one in late for error in one.boundary_errors_s) > 0.9


def test_a_clock_that_runs_on_without_the_learner_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exam_clock, "_AWAY_LIMIT", 0)
    assert sum(one.cut for one in some(Troubles())) > 0


def test_what_a_screen_was_told_of_a_phase() -> None:
    told = [(1.0, "waiting", None), (2.0, "running", 0), (3.5, "running", 2), (9.0, "finished", None)]
    watch = Watch([(at, {"state": state, "phase_index": phase}) for at, state, phase in told], [(5.0, 6.0)])
    assert [watch.entered(phase) for phase in (0, 1, 2, OVER)] == [2.0, 3.5, 3.5, 9.0]
    assert watch.phase == OVER
    assert [watch.attended(moment) for moment in (4.9, 5.5, 6.1)] == [True, False, True]
