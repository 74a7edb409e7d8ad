"""Names that cross the room are the same in Python and in TypeScript."""

import re
from pathlib import Path

from api.contract import room

ROOT = Path(__file__).parents[3]


def exported_strings(source: str) -> dict[str, str]:
    return dict(re.findall(r"export const ([A-Z_]+)\s*=\s*['\"]([^'\"]+)['\"]", source))


def test_frontend_mirrors_room_names() -> None:
    mirrored = exported_strings((ROOT / "frontend/src/lib/room.ts").read_text())
    expected = {
        name: value for name, value in vars(room).items() if name.isupper() and isinstance(value, str)
    }
    assert expected
    assert {name: mirrored.get(name) for name in expected} == expected
