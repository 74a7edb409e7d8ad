"""`python -m infra.bench.fluency.syllables`: write the list of words whose spelling misleads about syllables.

From the CMU Pronouncing Dictionary as the package `pocketsphinx` brings it: the words of the product's list
of levels with their forms, and contractions, wherever counting by letters gives another number.
"""

import re
from pathlib import Path
from typing import Final

from api.analytics.language.levels import base_and_level
from api.assessment.judging import syllables
from api.assessment.judging.syllables import by_spelling

TARGET: Final = Path(syllables.__file__).with_name("syllables.txt")
_VOWELS: Final = frozenset("AA AE AH AO AW AY EH ER EY IH IY OW OY UH UW".split())  # noqa: SIM905
_WORD: Final = re.compile(r"[a-z]+(?:'[a-z]+)?")


def dictionary() -> dict[str, int]:
    """Syllables of every word of the dictionary, by its first pronunciation."""
    import pocketsphinx  # noqa: PLC0415

    path = Path(pocketsphinx.__file__).parent / "model/en-us/cmudict-en-us.dict"
    found: dict[str, int] = {}
    for line in path.read_text("utf-8").splitlines():
        word, *phones = line.split()
        if _WORD.fullmatch(word):
            found[word] = sum(phone in _VOWELS for phone in phones)
    return found


def misleading() -> dict[str, int]:
    """The words to list."""
    return {
        word: count
        for word, count in dictionary().items()
        if by_spelling(word) != count and count > 0 and ("'" in word or base_and_level(word)[1] is not None)
    }


def main() -> None:
    """Write the list."""
    lines = [f"{word} {count}" for word, count in sorted(misleading().items())]
    TARGET.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
