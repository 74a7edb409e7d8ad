"""Groups of fewer than five are withheld, also where two figures together would tell of one."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from api.analytics.suppression import SMALLEST_GROUP, Spoke, tellable

A, B = UUID(int=1), UUID(int=2)


def calls(*learners: int, number: int = 0) -> frozenset[Spoke]:
    """A call of each of these learners."""
    return frozenset((UUID(int=100 + one), UUID(int=1_000 * (number + 1) + one)) for one in learners)


def learners(made: frozenset[Spoke]) -> set[UUID]:
    return {learner for learner, _ in made}


def test_fewer_than_five_active_learners_are_withheld() -> None:
    for active in range(SMALLEST_GROUP):
        assert tellable({A: calls(*range(active))}) == frozenset()
    assert tellable({A: calls(*range(SMALLEST_GROUP))}) == {A}


def test_many_calls_of_few_learners_are_withheld() -> None:
    made = frozenset[Spoke]().union(*(calls(0, 1, 2, 3, number=number) for number in range(20)))
    assert tellable({A: made}) == frozenset()


def test_of_two_programs_that_differ_by_one_learner_the_larger_is_told() -> None:
    assert tellable({A: calls(*range(9)), B: calls(*range(10))}) == {B}


def test_two_programs_that_share_nobody_are_both_told() -> None:
    assert tellable({A: calls(*range(6)), B: calls(*range(10, 17))}) == {A, B}


def test_the_same_learners_with_one_call_more_are_withheld_once() -> None:
    once = calls(*range(8))
    assert len(tellable({A: once, B: once | calls(3, number=1)})) == 1
    assert tellable({A: once, B: once}) == {A, B}


programs = st.dictionaries(
    st.integers(1, 9).map(lambda number: UUID(int=number)),
    st.frozensets(
        st.tuples(st.integers(0, 14), st.integers(0, 1)).map(
            lambda pair: (UUID(int=100 + pair[0]), UUID(int=1_000 + 2 * pair[0] + pair[1]))
        )
    ),
)


@given(programs)
def test_no_figure_and_no_difference_of_two_tells_of_fewer_than_five(
    made: dict[UUID, frozenset[Spoke]],
) -> None:
    told = tellable(made)
    assert all(len(learners(made[one])) >= SMALLEST_GROUP for one in told)
    overlapping = [(made[one], made[other]) for one in told for other in told if made[one] & made[other]]
    for one, other in overlapping:
        assert not 0 < len(learners(one - other)) < SMALLEST_GROUP


@given(programs)
def test_the_largest_group_is_told(made: dict[UUID, frozenset[Spoke]]) -> None:
    largest = max((len(learners(one)) for one in made.values()), default=0)
    assert bool(tellable(made)) == (largest >= SMALLEST_GROUP)
