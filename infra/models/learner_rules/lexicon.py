"""What the rules know of words: their kinds, and how they are inflected. Read from `words/*.yaml`."""

import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

_WORDS: Final = Path(__file__).parent / "words"
_VOWELS: Final = "aeiou"
_AN_BEFORE: Final = ("hour", "honest", "honour", "honor", "heir", "mba", "x-ray", "sms", "mp", "ngo", "fbi")
_A_BEFORE: Final = ("uni", "use", "usu", "euro", "one", "once", "ufo", "utensil", "user", "unanimous")
_RIGHT_ALL_THE_SAME: Final = (
    "costed", "hanged", "shined", "lighted", "quitted", "betted", "ringed", "lied", "seed", "feed", "need",
)  # fmt: skip
_AN_ALL_THE_SAME: Final = ("unim", "unin", "unid")

FORMS: Final = ("base", "third", "past", "pp", "ing")
_TAG_OF: Final = {"base": "VB", "third": "VBZ", "past": "VBD", "pp": "VBN", "ing": "VBG"}
_DEGREES: Final = {"JJ": "JJ", "comp": "JJR", "super": "JJS"}
_OWN_TAGS: Final = {
    "family": "FAMILY PERSON NN",
    "people": "PERSON NN",
    "jobs": "JOB PERSON NN",
    "animals": "ANIMAL NN",
    "things": "THING NN",
    "times": "TIME",
    "body": "BODY",
}
_LISTED_TAGS: Final = {
    "mass": "MASS",
    "never_plural": "MASS NOPLURAL",
    "plural_only": "NNS PLONLY",
    "of_many": "NNS MANY",
    "pairs": "PAIR",
    "single_in_s": "INS",
    "frequency": "FREQ RB",
    "adverbs": "RB",
    "days": "DAY",
    "months": "MONTH",
    "seasons": "SEASON",
    "languages": "LANG",
    "cities": "CITY",
    "countries": "COUNTRY",
    "food": "MEAL",
    "sports": "SPORT",
    "instruments": "INSTRUMENT",
    "vehicles": "VEHICLE",
    "colours": "COLOUR",
    "stative": "STATIVE",
    "intransitive": "INTRANS",
    "activities": "ACTIVITY",
    "with_ing": "WITHING",
    "with_to": "WITHTO",
    "of_motion": "MOTION",
}
_VERB_LISTS: Final = frozenset({"stative", "intransitive", "activities", "with_ing", "with_to", "of_motion"})


class Lexicon:
    """Kinds and forms of words, all in lower case."""

    def __init__(self) -> None:
        self._read: dict[str, str] = {}
        for file in sorted(_WORDS.glob("*.yaml")):
            content: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
            self._read |= {f"{file.stem}.{name}": str(text) for name, text in content.items()}
        self._tags: dict[str, set[str]] = defaultdict(set)
        self._verbs: dict[str, dict[str, str]] = {}
        self._base_of: dict[str, str] = {}
        self._plural: dict[str, str] = {}
        self._singular: dict[str, str] = {}
        self._degrees: dict[str, dict[str, str]] = {}
        self.wrong_forms: dict[str, str] = {}
        """Irregular forms as learners make them: `goed` to `go`."""
        self.wrong_plurals: dict[str, str] = dict(self._rows("nouns.wrong_plurals"))
        self.feelings: dict[str, str] = dict(self._rows("others.feelings"))
        self.causes = {felt: cause for cause, felt in self.feelings.items()}
        self._doubling = frozenset(self._words("verbs.doubling"))
        self._read_verbs()
        self._read_nouns()
        self._read_adjectives()
        self._read_lists()
        self._find_wrong_forms()

    def tags(self, word: str) -> frozenset[str]:
        """The kinds of a word; none for a word that is not known."""
        found = self._tags.get(word)
        return frozenset(found) if found else frozenset()

    def base(self, word: str) -> str:
        """The base of a verb's form; the word itself where it is none."""
        return word if word in self._verbs else self._base_of.get(word, word)

    def verb(self, word: str, form: str) -> str:
        """A form (`base`, `third`, `past`, `pp`, `ing`) of the verb to which `word` belongs."""
        base = self.base(word)
        forms = self._verbs.get(base) or self._forms(base, None, None)
        return forms[form]

    def plural(self, noun: str) -> str:
        """The plural; a plural itself stays."""
        if noun in self._singular or self.wrong_plurals.get(noun):
            return self.wrong_plurals.get(noun, noun)
        return self._plural.get(noun) or with_s(noun)

    def singular(self, noun: str) -> str:
        """The singular of a plural."""
        if noun in self._singular:
            return self._singular[noun]
        return re.sub(r"ies$", "y", noun) if noun.endswith("ies") else noun.removesuffix("s")

    def degree(self, adjective: str, degree: str) -> str:
        """An adjective's form with more (`comp`) or most (`super`): `taller`, `more careful`."""
        forms = self._degrees.get(adjective)
        if forms is not None:
            return forms[degree]
        return f"{'more' if degree == 'comp' else 'most'} {adjective}"

    def positive(self, adjective: str) -> str:
        """What `taller` is a form of."""
        for base, forms in self._degrees.items():
            if adjective in (forms["comp"], forms["super"]):
                return base
        return adjective

    def adverb(self, adjective: str) -> str:
        """The adverb of an adjective."""
        irregular = dict(self._rows("others.irregular_adverbs"))
        if adjective in irregular:
            return irregular[adjective]
        if adjective.endswith("le"):
            return adjective[:-1] + "y"
        if adjective.endswith("ic"):
            return adjective + "ally"
        return (adjective[:-1] + "i" if adjective.endswith("y") else adjective) + "ly"

    def _words(self, name: str) -> list[str]:
        return self._read[name].replace("?", "").split()

    def _rows(self, name: str) -> list[tuple[str, str]]:
        return [(row.split()[0], row.split()[-1]) for row in self._read[name].splitlines() if row.strip()]

    def _read_verbs(self) -> None:
        for row in self._read["verbs.irregular"].split("\n"):
            if row.strip():
                base, past, pp = row.split()
                self._add_verb(base, past, pp)
        for base in self._words("verbs.regular"):
            if base not in self._verbs:
                self._add_verb(base, None, None)

    def _add_verb(self, base: str, past: str | None, pp: str | None) -> None:
        self._verbs[base] = self._forms(base, past, pp)
        for form, several in {**self._verbs[base], "past": past or self._verbs[base]["past"]}.items():
            for word in several.split("/"):
                self._tags[word] |= {_TAG_OF[form], "V"}
                if word != base:
                    self._base_of.setdefault(word, base)
        for word in (pp or "").split("/"):
            if word:
                self._tags[word].add("VBN")
                self._base_of.setdefault(word, base)
        if past is not None:
            self._tags[base].add("IRREGULAR")

    def _forms(self, base: str, past: str | None, pp: str | None) -> dict[str, str]:
        ed = self._with_ed(base)
        return {
            "base": base,
            "third": {"be": "is", "have": "has"}.get(base) or with_s(base),
            "past": past.split("/")[0] if past else ed,
            "pp": pp.split("/")[0] if pp else ed,
            "ing": self._with_ing(base),
        }

    def _stem(self, base: str) -> str:
        return base + base[-1] if base in self._doubling else base

    def _with_ed(self, base: str) -> str:
        if base.endswith("e"):
            return base + "d"
        if base.endswith("y") and base[-2:-1] not in _VOWELS:
            return base[:-1] + "ied"
        return self._stem(base) + "ed"

    def _with_ing(self, base: str) -> str:
        if base.endswith("ie"):
            return base[:-2] + "ying"
        if base.endswith("e") and not base.endswith(("ee", "oe", "ye")) and base != "be":
            return base[:-1] + "ing"
        return self._stem(base) + "ing"

    def _find_wrong_forms(self) -> None:
        """`goed`, `buyed`, `winned`: every regular past of an irregular verb that is no word."""
        for base in self._verbs:
            if "IRREGULAR" not in self._tags[base]:
                continue
            doubled = base + base[-1] if base[-1] not in _VOWELS + "wy" else base
            for wrong in {self._with_ed(base), doubled + "ed", base + "ed"}:
                if wrong not in self._tags and len(wrong) > 3:
                    self.wrong_forms[wrong] = base
        for word in _RIGHT_ALL_THE_SAME:
            self.wrong_forms.pop(word, None)

    def _read_nouns(self) -> None:
        irregular = dict(self._rows("nouns.irregular"))
        for name, tags in _OWN_TAGS.items():
            for noun in self._words(f"nouns.{name}"):
                self._add_noun(noun, irregular.get(noun), tags.split())
        for noun, plural in irregular.items():
            if "NN" not in self._tags[noun]:
                self._add_noun(noun, plural, ["NN", "THING"])

    def _add_noun(self, noun: str, plural: str | None, tags: list[str]) -> None:
        plural = plural or with_s(noun)
        self._tags[noun] |= {*tags, "N"}
        self._plural[noun] = plural
        if plural != noun:
            self._singular[plural] = noun
            kinds = {"TIMES" if tag == "TIME" else tag for tag in tags} - {"NN"}
            self._tags[plural] |= {"NNS", "N", *kinds}

    def _read_adjectives(self) -> None:
        for row in self._read["others.irregular_degrees"].splitlines():
            if row.strip():
                base, more, most = row.split()
                self._add_degrees(base, more, most)
        for base in self._words("others.short"):
            if base not in self._degrees:
                stem = self._short_stem(base)
                self._add_degrees(base, stem + "er", stem + "est")
            self._tags[base].add("SHORT")
        for base in self._words("others.long"):
            self._tags[base].add("JJ")
        for cause, effect in self.feelings.items():
            self._tags[cause].add("CAUSE")
            self._tags[effect].add("FELT")

    def _short_stem(self, base: str) -> str:
        if base.endswith("e"):
            return base[:-1]
        if base.endswith("y") and base[-2] not in _VOWELS:
            return base[:-1] + "i"
        doubles = re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", base)
        return base + base[-1] if doubles else base

    def _add_degrees(self, base: str, more: str, most: str) -> None:
        self._degrees[base] = {"comp": more, "super": most}
        self._tags[base].add("JJ")
        self._tags[more].add("JJR")
        self._tags[most].add("JJS")

    def _read_lists(self) -> None:
        named = {key.split(".")[1]: key for key in self._read}
        for name, tags in _LISTED_TAGS.items():
            for word in self._words(named[name]):
                self._add_listed(word, name, tags.split())

    def _add_listed(self, word: str, name: str, tags: list[str]) -> None:
        self._tags[word] |= set(tags)
        if name in _VERB_LISTS:
            for form in FORMS[1:]:
                self._tags[self.verb(word, form)] |= set(tags)
        elif "MASS" in tags or "NNS" in tags or name in {"months", "seasons", "days", "sports", "food"}:
            self._tags[word].add("N")


def with_s(word: str) -> str:
    """The word with the ending of a plural or of the third person."""
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        return word[:-1] + "ies"
    if word.endswith(("s", "x", "z", "ch", "sh")) and word != "stomach":
        return word + "es"
    return word + "es" if word in {"go", "do", "echo", "tomato", "potato", "hero"} else word + "s"


def article(following: str) -> str:
    """`a` or `an`, by the sound that follows."""
    word = following.lower()
    if word.startswith(_AN_BEFORE):
        return "an"
    if word.startswith(_A_BEFORE) and not word.startswith(_AN_ALL_THE_SAME):
        return "a"
    return "an" if word[:1] in _VOWELS else "a"


@cache
def lexicon() -> Lexicon:
    """The words, read once a process."""
    return Lexicon()
