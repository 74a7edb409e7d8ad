"""`python -m prompts.catalogue FILE`: a list of all prompt files, written from the files themselves."""

import re
import sys
from pathlib import Path
from typing import Final

from prompts.loader import FOLDER, load

_HEAD: Final = """\
# Prompt catalogue

<!-- Written by `make generate`; changes by hand are lost. -->

Every word that a language model is told or the coach says by itself is in `prompts/`. The hash stands with \
each turn that a file shaped, so that any answer can be traced to the exact words behind it.

| file | version | hash | what for |
|---|--:|---|---|
"""


def catalogue() -> str:
    """One row a file: name, version, the first twelve digits of its hash, and what it is for."""
    names = sorted(str(path.relative_to(FOLDER).with_suffix("")) for path in FOLDER.rglob("*.yaml"))
    return _HEAD + "".join(_row(name) for name in names)


def _row(name: str) -> str:
    prompt = load(name)
    return f"| `{name}` | {prompt.version} | `{prompt.hash[:12]}` | {_purpose(name)} |\n"


def _purpose(name: str) -> str:
    """The first comment of a file, up to its first full stop; a lesson's goal where it has none."""
    text = (FOLDER / f"{name}.yaml").read_text("utf-8")
    found = re.search(r"^#.*(?:\n#.*)*", text, re.MULTILINE)
    comment = re.sub(r"^# ?", "", found.group(0), flags=re.MULTILINE) if found else ""
    sentence = re.split(r"(?<=\.)\s", " ".join(comment.split()), maxsplit=1)[0]
    sentence = sentence or str(load(name).content.get("goal", ""))
    return sentence.replace("|", "\\|")


def main() -> None:
    """Write the file given."""
    Path(sys.argv[1]).write_text(catalogue(), "utf-8")


if __name__ == "__main__":
    main()
